"""Labels that each way to run a campaign needs to reach what people do today.

python -m benchmarks.label_savings [FILE.npz ...] [--emodb FOLDER] [--seeds 5] [--first-seed 0]
                                   [--share 0.5] [--rounds 8] [--quick]

A file has `features` (n, d) or `images` (n, h, w) of faces, `votes` (n, K), and may have `groups`
(n,): who is in the clip. Of `emotions` (K,) the names `unknown` and `NF` are no answers and left
out, and clips with fewer than 8 votes for the rest with them. --emodb reads the folder's
`clips.csv`: clips whose sound is untouched, of four emotions; how many of 20 listeners recognised
each is published, and those who did not are spread evenly over the other three by chance.

A campaign may ask for `share` labels for each clip that is not held out, and learns in so many
rounds. Votes are drawn without replacement. About a third of the people (of the clips, where
people are not known) are held out, and judge by all their votes. Vectors are reduced to their
128 principal components once, without looking at a label. Seeds are paired: the same people, the
same first clips.

`needed` is the labels at which an arm's best accuracy so far first reaches the mean final accuracy
of the arm that a column names, as a share of the budget: today's (random clips, 3 labels each,
majority) or the best random arm. `ratio` divides it by what that arm itself needed. Where an arm
never gets there `needed` is counted as the whole budget and `short` says how often.
The interval is over seeds, drawn anew with replacement.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from active_learning.simulating import ARMS, BEST_RANDOM, TODAY, Arm, Curve, Length, World, play
from active_learning.simulating.arms import Targets
from active_learning.simulating.reaching import needed
from benchmarks._collections import of_emodb, of_file
from benchmarks._report import give_up, print_json, print_table

HELD_OUT = 0.35
RESAMPLES = 1000
Curves = dict[str, list[Curve]]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    try:
        worlds = {path.stem: of_file(path) for path in options.files}
        if options.emodb:
            worlds["emodb"] = of_emodb(options.emodb)
    except (OSError, ValueError, KeyError) as error:
        give_up(f"label_savings: {error}")
    if not worlds or options.seeds < 1 or options.rounds < 1 or not options.share > 0:
        give_up("label_savings: needs a file or --emodb, and a seed, a round and a share above 0.")

    arms = ARMS[:3] if options.quick else [*ARMS, *_activelab()]
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    tables = {}
    for name, world in worlds.items():
        curves = played(world, arms, seeds, options.share, options.rounds)
        tables[name] = compared(curves)
        print(f"{name}: {len(world.votes)} clips, {world.votes.shape[1]} classes")
        print_table(tables[name])
    whole = over_all(tables)
    print_table(whole)
    print_json({"benchmark": "label_savings", "sets": tables, "all": whole, "seeds": len(seeds)})


def played(
    world: World, arms: Sequence[Arm], seeds: Sequence[int], share: float, rounds: int
) -> Curves:
    curves: Curves = {arm.name: [] for arm in arms}
    for seed in seeds:
        test = world.held_out(HELD_OUT, seed)
        length = Length(round(share * int((~test).sum())), rounds)
        for arm in arms:
            curves[arm.name].append(play(world, arm, test, length, seed=seed))
    return curves


def compared(curves: Curves) -> list[dict[str, object]]:
    """Return a row an arm: its labels against today's and the best random arm's, and its ends."""
    return [_row(name, curves) for name in curves]


def _row(name: str, curves: Curves) -> dict[str, object]:
    mine, today = curves[name], curves[TODAY.name]
    row: dict[str, object] = {"arm": name}
    for title, base in (("today", TODAY.name), ("random", BEST_RANDOM.name)):
        low, high = _interval(mine, curves[base])
        row[f"of {title}"] = round(ratio(mine, curves[base]), 3)
        row |= {f"{title} low": round(low, 3), f"{title} high": round(high, 3)}
    goal = final(today)
    row["short"] = sum(needed(curve, goal) is None for curve in mine)
    row["accuracy"] = round(final(mine), 4)
    row["points"] = round(100 * (final(mine) - goal), 2)
    row["log_loss"] = round(float(np.mean([curve.log_loss[-1] for curve in mine])), 4)
    return row


def final(curves: Sequence[Curve]) -> float:
    return float(np.mean([curve.accuracy[-1] for curve in curves]))


def ratio(mine: Sequence[Curve], base: Sequence[Curve]) -> float:
    """Return mean labels needed to reach the mean final accuracy of `base`, over its own."""
    goal = final(base)
    return _spent(_mean(mine), goal) / _spent(_mean(base), goal)


def _spent(curve: Curve, goal: float) -> float:
    found = needed(curve, goal)
    return float(curve.labels[-1]) if found is None else found


def _mean(curves: Sequence[Curve]) -> Curve:
    labels, accuracy, log_loss = (np.mean([c[i] for c in curves], axis=0) for i in range(3))
    return Curve(labels, accuracy, log_loss)


def _interval(mine: Sequence[Curve], base: Sequence[Curve]) -> tuple[float, float]:
    rng, again = np.random.default_rng(0), []
    for _ in range(RESAMPLES):
        drawn = rng.integers(0, len(mine), len(mine))
        again.append(ratio([mine[i] for i in drawn], [base[i] for i in drawn]))
    low, high = np.quantile(again, [0.025, 0.975])
    return float(low), float(high)


def over_all(tables: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
    """Return a row an arm: geometric means of the ratios over sets, the worst, mean points."""
    rows: list[dict[str, object]] = []
    for each in zip(*tables.values(), strict=True):
        today, random, points = (
            np.array([row[key] for row in each], dtype=np.float64)
            for key in ("of today", "of random", "points")
        )
        rows.append(
            {
                "arm": each[0]["arm"],
                "of today": round(float(np.exp(np.log(today).mean())), 3),
                "worst": round(float(today.max()), 3),
                "of random": round(float(np.exp(np.log(random).mean())), 3),
                "points": round(float(points.mean()), 2),
            }
        )
    return rows


def _activelab() -> list[Arm]:
    """cleanlab's ActiveLab, with the majority's labels and with our targets, where it is there."""
    from benchmarks._activelab import wanted  # noqa: PLC0415

    if wanted is None:
        print("cleanlab is not installed (requirements/peers.txt): ActiveLab is left out.")
        return []
    kinds: list[tuple[str, Targets]] = [("majority", "majority"), ("our targets", "shares")]
    return [Arm(f"ActiveLab, {name}", targets=kind, ask=wanted) for name, kind in kinds]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.label_savings")
    parser.add_argument("files", nargs="*", type=Path, help="features or images, and votes")
    parser.add_argument("--emodb", type=Path, help="a folder with clips.csv and its recordings")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=0.5, help="labels for each clip in the pool")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--quick", action="store_true", help="three arms alone")
    return parser


if __name__ == "__main__":
    main()
