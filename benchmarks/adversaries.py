"""How soon people who do not look are told from those who do, and who is accused for nothing.

python -m benchmarks.adversaries [--seeds N]

Forty annotators, five labels a clip, 4, 5 and 7 classes of which the first is the commonest, clips
drawn from Dir(m) with s = 1; people who look miss one clip in ten. A fifth is of the profile of
the row. `auc_n`: how often one who looks has the higher reliability in the spam mixture, after n
labels each; `worst_50` is the lowest among the numbers of classes.

The second table: the share of a profile that each alarm names after 300 labels each, a fifth of
twenty annotators, and `honest_flagged`, the share of those who look that any alarm names. The
third: the mean weight of a minority that always takes one class for another, as a share of the
others', and in how many of the draws their distributions are to be published by group.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

from annotation.agreement import gold, straight_lining
from annotation.agreement.aggregation import Aggregator
from annotation.agreement.answers import Floats, Ints
from annotation.agreement.collusion import groups, pairs
from annotation.agreement.copying import with_learner
from annotation.agreement.dissent import Groups, Publish, by_group
from annotation.agreement.fatigue import Drift, cusum
from annotation.agreement.left_out import by_trusted_others
from annotation.agreement.reading import in_their_own_way
from annotation.agreement.spam_mixture import SpamMixture
from annotation.agreement.spam_reading import SpamReading
from benchmarks._adversaries import MARGINALS, Drawn, auc, draw
from benchmarks._report import give_up, print_json, print_table

LABELS = (10, 20, 50, 100)
PEOPLE, OTHERS = 40, 8
ADVERSARIES = ("uniform", "constant", "mimic", "drift", "group", "copier", "model")
# Of twenty annotators with 300 labels each, two meet at some 60 clips.
MEETING, OF_THEM, MEETINGS = 20, 4, 300
MINORITIES = (6, 8, 10)
READ_ALIKE: tuple[Aggregator, ...] = (SpamMixture(), SpamReading())
Row = dict[str, object]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adversaries")
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args(arguments)
    if options.seeds < 1:
        give_up("adversaries: --seeds must be at least 1.")

    told = [told_apart(profile, options.seeds) for profile in ADVERSARIES]
    print_table(told)
    print()
    named = [alarms(profile, options.seeds) for profile in (*ADVERSARIES, "minority")]
    print_table(named)
    print()
    minority = [heard(k, size, options.seeds) for k in MARGINALS for size in MINORITIES]
    print_table(minority)
    print_json(
        {
            "benchmark": "adversaries",
            "seeds": options.seeds,
            "results": told,
            "alarms": named,
            "minority": minority,
        }
    )


def crowd(profile: str, *, people: int = PEOPLE, of_them: int = OTHERS) -> list[str]:
    """Return the profiles of a crowd; of somebody to copy from, only one is copied."""
    n = 1 if profile == "copier" else of_them
    return ["honest"] * (people - n) + [profile] * n


def told_apart(profile: str, seeds: int) -> Row:
    found = np.array(
        [
            [[separation(profile, n, k, seed) for n in LABELS] for seed in range(seeds)]
            for k in MARGINALS
        ]
    )
    means = found.mean(axis=(0, 1)).tolist()
    columns = {f"auc_{n}": mean for n, mean in zip(LABELS, means, strict=True)}
    worst = found[:, :, LABELS.index(50)].mean(axis=1).min()
    return {"profile": profile, **columns, "worst_50": float(worst)}


def separation(profile: str, labels: int, k: int, seed: int) -> float:
    drawn = draw(crowd(profile), labels, k=k, seed=seed)
    value = SpamMixture().fit(drawn.answers).reliability.value
    return auc(value[drawn.who("honest")], value[drawn.who(profile)])


def alarms(profile: str, seeds: int) -> Row:
    rows, honest = [], []
    for k in MARGINALS:
        for seed in range(seeds):
            crowded = crowd(profile, people=MEETING, of_them=OF_THEM)
            drawn = draw(crowded, MEETINGS, k=k, seed=seed)
            named = flagged(drawn)
            own = drawn.who(profile)
            rows.append({name: float(np.isin(own, who).mean()) for name, who in named.items()})
            # Who is copied from is named with who copies: the labels do not tell them apart.
            innocent = drawn.who("honest")[1 if profile == "copier" else 0 :]
            anyone = np.concatenate(list(named.values()))
            honest.append(float(np.isin(innocent, anyone).mean()))
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    return {"profile": profile, **means, "honest_flagged": float(np.mean(honest))}


def flagged(drawn: Drawn) -> dict[str, Ints]:
    """Return the annotators that each alarm names, at its defaults."""
    answers = drawn.answers
    others, reliability = by_others(drawn)
    shares = in_their_own_way(answers, others)
    own = in_their_own_way(answers, others, part=straight_lining.PART)
    line = straight_lining.runs(answers.annotator, answers.label, own, answers.n_annotators)
    learner = drawn.learner[answers.task]
    met = pairs(answers, reliability)
    nobody = [np.array([], dtype=np.int64)]
    return {
        "fatigue": fading(drawn, shares).alarmed,
        "straight_lining": line.alarming(),
        "collusion": np.concatenate(nobody + groups(met, answers.n_annotators)),
        "copying": with_learner(answers, learner, shares, trust=reliability).alarming(),
    }


def by_others(drawn: Drawn) -> tuple[Floats, Floats]:
    """Return what the others say of each label's clip (n_labels, K), and all reliabilities."""
    answers, trust = drawn.answers, SpamMixture().fit(drawn.answers).reliability.value
    return by_trusted_others(answers, trust), trust


def fading(drawn: Drawn, shares: Floats) -> Drift:
    answers = drawn.answers
    overall = np.bincount(answers.label, minlength=answers.n_classes) / len(answers)
    evidence = gold.steps(shares, answers.label, overall)
    return cusum(evidence, answers.annotator, answers.n_annotators)


def heard(k: int, size: int, seeds: int) -> Row:
    found = {one.name: [weighed(one, k, size, seed) for seed in range(seeds)] for one in READ_ALIKE}
    ratios = {name: float(np.mean([g.ratio[1] for g in of])) for name, of in found.items()}
    apart = [g.verdicts()[1] is Publish.BY_GROUP for g in found[SpamMixture().name]]
    return {
        "classes": k,
        "minority": size / PEOPLE,
        **ratios,
        "by_group": float(np.mean(apart)),
    }


def weighed(aggregator: Aggregator, k: int, size: int, seed: int) -> Groups:
    drawn = draw(crowd("minority", of_them=size), LABELS[-1], k=k, seed=seed)
    group = (np.array(drawn.profile) == "minority").astype(np.int64)
    weights = aggregator.fit(drawn.answers).weights
    return by_group(drawn.answers, weights, group, 2)


if __name__ == "__main__":
    main()
