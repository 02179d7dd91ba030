"""Adversaries put among 27 people who judged 584 photographs of faces."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers, Ints
from annotation.agreement.collusion import Pairs, pairs
from annotation.agreement.spam_mixture import SpamMixture
from benchmarks._adversaries import auc
from tests.annotation.agreement.real_data import face_sentiment

# Who judged fewer cannot be told from anybody.
ENOUGH, LABELS = 20, 50


def replaced(answers: Answers, who: Ints, kind: str, rng: np.random.Generator) -> Answers:
    """Let `who` answer 50 of their tasks without looking."""
    n, k = len(answers), answers.n_classes
    common = np.bincount(answers.label, minlength=k) / n
    said = {
        "uniform": rng.integers(0, k, n),
        "constant": np.full(n, common.argmax()),
        "mimic": rng.choice(k, n, p=common),
    }[kind]
    own = np.isin(answers.annotator, who)
    label = np.where(own, said, answers.label)
    kept = ~own
    for one in who:
        kept[rng.permutation(np.flatnonzero(answers.annotator == one))[:LABELS]] = True
    shape = answers.n_tasks, answers.n_annotators, k
    return Answers(answers.task, answers.annotator, label, *shape).subset(kept)


@pytest.mark.parametrize("kind", ["uniform", "constant", "mimic"])
def test_after_fifty_labels_they_are_told_from_those_who_look(kind: str) -> None:
    answers, _, _ = face_sentiment()
    n = answers.labels_per_annotator
    for seed in range(5):
        rng = np.random.default_rng(seed)
        who = rng.permutation(np.flatnonzero(n >= LABELS))[:5]

        value = SpamMixture().fit(replaced(answers, who, kind, rng)).reliability.value

        others = np.setdiff1d(np.flatnonzero(n >= ENOUGH), who)
        assert auc(value[others], value[who]) >= 0.95


def alarming(answers: Answers) -> set[tuple[int, int]]:
    trust = SpamMixture().fit(answers).reliability.value
    found: Pairs = pairs(answers, trust).alarming()
    return set(zip(found.first.tolist(), found.second.tolist(), strict=True))


def test_who_copies_a_colleague_is_found_and_nobody_who_did_not() -> None:
    answers, _, _ = face_sentiment()
    busy = np.argsort(-answers.labels_per_annotator)[:9]
    before = alarming(answers)
    for seed in range(3):
        one, other = sorted(np.random.default_rng(seed).permutation(busy)[:2].tolist())
        said = dict(
            zip(
                answers.task[answers.annotator == one].tolist(),
                answers.label[answers.annotator == one].tolist(),
                strict=True,
            )
        )
        label = [
            said.get(task, label) if who == other else label
            for task, who, label in zip(answers.task, answers.annotator, answers.label, strict=True)
        ]
        shape = answers.n_tasks, answers.n_annotators, answers.n_classes

        after = alarming(Answers(answers.task, answers.annotator, np.array(label), *shape))

        assert (one, other) in after
        # Who answers as one does is also alike with whom that one is alike with.
        assert all(other in pair for pair in after - before)
