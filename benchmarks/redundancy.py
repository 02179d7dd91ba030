"""Labels that adaptive redundancy saves, by replaying recorded votes.

python -m benchmarks.redundancy VOTES.csv --classes A,D,F [--where modality=voice] [--seeds 5]
                                [--start 3] [--most 10]

VOTES.csv has one row a clip and one column of votes a class. Votes are drawn without replacement,
one at a time, and only from clips that are still open; what is known of the clips' likeness (the
prior) is fitted anew from the votes drawn so far, never from those to come. Clips with fewer votes
than the cap are left out. Against it stands fixed redundancy: k votes of every clip, k = 1 .. cap.

Both are judged twice, as means over clips, against all recorded votes: by the Jensen-Shannon
divergence of the smoothed share from them, and by how often its first class is first in them, too.
`equal_k` is the fixed redundancy, by straight line between two whole numbers, that is as good as
the adaptive one; `saved` is 1 - labels / equal_k. The interval is over clips, drawn anew with
replacement 1,000 times from the means over the seeds.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotation.agreement.aggregation import row_shares
from annotation.agreement.ambiguity import jensen_shannon
from annotation.agreement.answers import Floats, Ints
from annotation.agreement.dirichlet import fit_prior
from annotation.agreement.states import task_states
from annotation.agreement.stopping import equal_redundancy, settled_share, worth_asking
from benchmarks._report import give_up, print_json, print_table

RESAMPLES = 1000
FIGURES = ("divergence", "first_class")


@dataclass(frozen=True, eq=False)
class Replay:
    """Figures by clip: adaptive (n,), and fixed to 1 .. cap labels (cap, n)."""

    labels: Floats
    states: NDArray[np.str_]
    adaptive: dict[str, Floats]
    fixed: dict[str, Floats]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.redundancy")
    parser.add_argument("votes", type=Path, help="one row a clip, one column of votes a class")
    parser.add_argument("--classes", required=True, help="the columns, separated by commas")
    parser.add_argument("--where", default="", help="COLUMN=VALUE: these rows alone")
    parser.add_argument("--start", type=int, default=3)
    parser.add_argument("--most", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args(arguments)
    try:
        votes = read(options.votes, options.classes.split(","), options.where)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        give_up(f"redundancy: {error}")
    votes = votes[votes.sum(axis=1) >= options.most]
    if len(votes) < 2 or not 1 <= options.start <= options.most:
        give_up("redundancy: needs two clips with as many votes as --most, and --start up to it.")

    replays = [replay(votes, options.start, options.most, seed) for seed in range(options.seeds)]
    print_table(arms(replays))
    results = [{"by": figure, **saved(replays, figure)} for figure in FIGURES]
    print_table(results)
    shares = [settled_share(one.states) for one in replays]
    states = {name: round(float(np.mean([s[name] for s in shares])), 4) for name in shares[0]}
    print_table([states])
    labels = round(float(np.mean([one.labels.mean() for one in replays])), 3)
    print_json(
        {
            "benchmark": "redundancy",
            "clips": len(votes),
            "labels": labels,
            "results": results,
            "states": states,
        }
    )


def read(path: Path, classes: Sequence[str], where: str) -> Ints:
    column, _, wanted = where.partition("=")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not column or row[column] == wanted]
    return np.array([[int(row[name]) for name in classes] for row in rows]).reshape(
        -1, len(classes)
    )


def replay(votes: Ints, start: int, most: int, seed: int) -> Replay:
    """Draw the votes of each clip in a random order, adaptively and to fixed numbers."""
    order = shuffled(votes, most, np.random.default_rng(seed))
    whole = row_shares(votes)
    n = np.full(len(votes), start)
    while True:
        alphas = posterior(order, n)
        asked = worth_asking(alphas, n.astype(float)) & (n < most)
        if not asked.any():
            break
        n = n + asked
    fixed = [judged(posterior(order, np.full(len(votes), k)), whole) for k in range(1, most + 1)]
    return Replay(
        n.astype(float),
        task_states(alphas, n.astype(float)),
        judged(alphas, whole),
        {figure: np.array([one[figure] for one in fixed]) for figure in FIGURES},
    )


def judged(alphas: Floats, whole: Floats) -> dict[str, Floats]:
    """Return how far each clip's distribution is from the whole, and whether its first is first."""
    shares = row_shares(alphas)
    first = whole[np.arange(len(whole)), shares.argmax(axis=1)]
    return {
        "divergence": jensen_shannon(shares, whole),
        "first_class": (first >= whole.max(axis=1) - 1e-9).astype(float),
    }


def shuffled(votes: Ints, most: int, rng: np.random.Generator) -> Ints:
    """Return the first `most` votes of each clip in a random order, one-hot: (n, most, K)."""
    n, k = votes.shape
    drawn = np.zeros((n, most, k), dtype=np.int64)
    for i, row in enumerate(votes):
        order = rng.permutation(np.repeat(np.arange(k), row))[:most]
        drawn[i, np.arange(most), order] = 1
    return drawn


def posterior(order: Ints, n: Ints) -> Floats:
    """Return the Dirichlet posterior after the first n votes of each clip, under their prior."""
    taken = np.arange(order.shape[1]) < n[:, None]
    counts = (order * taken[:, :, None]).sum(axis=1)
    s, m = fit_prior(counts)
    alphas: Floats = counts + s * m
    return alphas


def arms(replays: Sequence[Replay]) -> list[dict[str, object]]:
    labels = float(np.mean([one.labels.mean() for one in replays]))
    adaptive = {f: float(np.mean([r.adaptive[f].mean() for r in replays])) for f in FIGURES}
    fixed = {f: np.mean([r.fixed[f].mean(axis=1) for r in replays], axis=0) for f in FIGURES}
    rows: list[dict[str, object]] = [
        {"arm": f"fixed {k + 1}", "labels": float(k + 1)}
        | {figure: round(float(fixed[figure][k]), 4) for figure in FIGURES}
        for k in range(len(fixed["divergence"]))
    ]
    found = {figure: round(value, 4) for figure, value in adaptive.items()}
    return [*rows, {"arm": "adaptive", "labels": round(labels, 3)} | found]


def saved(replays: Sequence[Replay], figure: str) -> dict[str, float]:
    """Return the fixed redundancy that is as good, the share of labels saved, and its interval."""
    labels = np.mean([one.labels for one in replays], axis=0)
    adaptive = np.mean([one.adaptive[figure] for one in replays], axis=0)
    fixed = np.mean([one.fixed[figure] for one in replays], axis=0)
    equal = equal_redundancy(fixed.mean(axis=1), float(adaptive.mean()))
    rng, n, drawn_again = np.random.default_rng(0), len(labels), []
    for _ in range(RESAMPLES):
        drawn = rng.integers(0, n, n)
        as_good = equal_redundancy(fixed[:, drawn].mean(axis=1), float(adaptive[drawn].mean()))
        drawn_again.append(1 - float(labels[drawn].mean()) / as_good)
    low, high = np.quantile(drawn_again, [0.025, 0.975])
    return {
        "equal_k": round(equal, 3),
        "saved": round(1 - float(labels.mean()) / equal, 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
    }


if __name__ == "__main__":
    main()
