"""All signs of inattention in a campaign's labels at once, each as figures about an annotator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from annotation.agreement import collusion, fatigue, gold, reading, straight_lining
from annotation.agreement.answers import Answers, Bools, Floats, Ints
from annotation.agreement.pace import limits, pace

MOST_LABELS = 30


class Sign(StrEnum):
    PACE = "pace"
    SAME_ANSWER = "same-answer"
    FATIGUE = "fatigue"
    COLLUSION = "collusion"


@dataclass(frozen=True, eq=False)
class Watched:
    """Labels in the order in which they were given, and what each is held against.

    trust: (n_annotators,), the reliability of a fit.
    seconds, duration: (n_labels,), from being shown to the first touch, and of the clip; NaN
        where not known, or where it is a picture.
    """

    answers: Answers
    trust: Floats
    seconds: Floats
    duration: Floats

    def subset(self, kept: Bools) -> Watched:
        """Return the `kept` labels under the same numbering."""
        return Watched(
            self.answers.subset(kept),
            self.trust,
            self.seconds[kept],
            self.duration[kept],
        )


@dataclass(frozen=True, eq=False)
class Finding:
    """A reason to look at an annotator: its figures, and the labels (n,) that show it best."""

    sign: Sign
    annotator: int
    figures: dict[str, Any]
    labels: Ints


def findings(sign: Sign, watched: Watched) -> Iterator[Finding]:
    """Yield what the labels show of one sign; see the module that each is named after.

    >>> task, who = np.arange(40).repeat(3), np.tile(np.arange(3), 40)
    >>> said = np.where(who < 2, task % 4, 0)
    >>> answers, none = Answers(task, who, said, 40, 3, 4), np.full(120, np.nan)
    >>> watched = Watched(answers, np.array([0.9, 0.9, 0.2]), none, none)
    >>> (found,) = findings(Sign.SAME_ANSWER, watched)
    >>> found.figures
    {'answers': 40, 'repeats': 39, 'expected': 8.7, 'longest': 40}
    """
    if not len(watched.answers):
        return iter(())
    return SIGNS[sign](watched)


def _pace(watched: Watched) -> Iterator[Finding]:
    answers, seconds = watched.answers, watched.seconds
    limit = limits(answers.task, seconds, watched.duration)
    found = pace(answers.annotator, seconds, limit, answers.n_annotators)
    for who in found.alarming().tolist():
        figures = {"answers": int(found.n[who]), "fast": int(found.fast[who])}
        fast = (answers.annotator == who) & (np.nan_to_num(seconds, nan=np.inf) < limit)
        yield Finding(Sign.PACE, who, figures, np.flatnonzero(fast)[:MOST_LABELS])


def _same_answer(watched: Watched) -> Iterator[Finding]:
    answers = watched.answers
    own = reading.by_looking(answers, watched.trust, part=straight_lining.PART)
    found = straight_lining.runs(answers.annotator, answers.label, own, answers.n_annotators)
    for who in found.alarming().tolist():
        mine = np.flatnonzero(answers.annotator == who)
        figures = {
            "answers": len(mine),
            "repeats": int(found.repeats[who]),
            "expected": round(float(found.expected[who]), 1),
            "longest": int(found.longest[who]),
        }
        yield Finding(Sign.SAME_ANSWER, who, figures, _longest_run(mine, answers.label))


def _longest_run(own: Ints, label: Ints) -> Ints:
    said = label[own]
    starts = np.flatnonzero(np.append(True, said[1:] != said[:-1]))
    lengths = np.diff(np.append(starts, len(said)))
    first = starts[int(lengths.argmax())]
    run: Ints = own[first : first + int(lengths.max())]
    return run[:MOST_LABELS]


def _fatigue(watched: Watched) -> Iterator[Finding]:
    answers = watched.answers
    overall = np.bincount(answers.label, minlength=answers.n_classes) / len(answers)
    evidence = gold.steps(reading.by_looking(answers, watched.trust), answers.label, overall)
    found = fatigue.cusum(evidence, answers.annotator, answers.n_annotators)
    for who in found.alarmed.tolist():
        own = np.flatnonzero(answers.annotator == who)
        since = own[int(found.began[who]) : int(found.alarm[who]) + 1]
        figures = {"answers": len(own), "began": int(found.began[who]) + 1, "since": len(since)}
        yield Finding(Sign.FATIGUE, who, figures, since[-MOST_LABELS:])


def _collusion(watched: Watched) -> Iterator[Finding]:
    answers = watched.answers
    found = collusion.pairs(answers, watched.trust).alarming()
    for who in np.unique(np.concatenate([found.first, found.second])).tolist():
        mine = (found.first == who) | (found.second == who)
        other = np.where(found.first == who, found.second, found.first)[mine]
        figures = {
            "with": other.tolist(),
            "shared": found.shared[mine].tolist(),
            "copied": found.copied[mine].round(2).tolist(),
            "z": found.z[mine].round(1).tolist(),
        }
        yield Finding(Sign.COLLUSION, who, figures, _same_as(answers, who, int(other[0])))


def _same_as(answers: Answers, one: int, other: int) -> Ints:
    """The labels of `one` that say of a task what `other` says of it."""
    said = answers.task * answers.n_classes + answers.label
    theirs = said[answers.annotator == other]
    same = (answers.annotator == one) & np.isin(said, theirs)
    return np.flatnonzero(same)[:MOST_LABELS]


SIGNS = {
    Sign.PACE: _pace,
    Sign.SAME_ANSWER: _same_answer,
    Sign.FATIGUE: _fatigue,
    Sign.COLLUSION: _collusion,
}
