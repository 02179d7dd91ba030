"""Labels of comparisons to scores of clips: one full fit, for there is no part of it to update."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from annotation import heard, scheme
from annotation.agreement import bradley_terry
from annotation.agreement.best_worst import counts_score, implied_pairs
from annotation.agreement.bradley_terry import Comparisons, Floats, Ints
from annotation.agreement.split_half import Mask, Reliability, split_half
from annotation.instruments.places import PLACES
from annotation.models import Campaign, Fit, Population, Score, TaskClip

BATCH = 1000
DIGITS = 6


@dataclass(frozen=True, eq=False)
class Judged:
    """The answers of one population: the clips (m, k) that each was about, and what it said.

    Clips are numbered; `clips` has the key of each number. Of a pair, `best` is the winner and
    `worst` the loser, the first and second place where it is a tie.
    """

    clips: list[int]
    task: Ints
    shown: Ints
    best: Ints
    worst: Ints
    tied: Mask
    ties: bool

    def comparisons(self) -> Comparisons:
        if self.shown.shape[1] > 2:
            return implied_pairs(self.shown, self.best, self.worst)
        return Comparisons(self.best, self.worst, np.where(self.tied, 0.5, 1.0))

    def balance(self, kept: Mask) -> Floats:
        """Return how often each clip was best, less how often worst, of the times it was shown."""
        said = kept & ~self.tied
        n = len(self.clips)
        score = counts_score(self.shown[said], self.best[said], self.worst[said], n)
        share = _times(self.shown[said], n) / np.maximum(_times(self.shown[kept], n), 1)
        return np.where(_times(self.shown[kept], n) > 0, np.nan_to_num(score) * share, np.nan)

    def half_scores(self, kept: Mask) -> Floats:
        """Return the scores that some of the answers amount to, as the literature splits them."""
        if self.shown.shape[1] > 2:
            return self.balance(kept)
        return bradley_terry.strengths(self.comparisons().at(kept), len(self.clips), ties=self.ties)


def write(row: Fit) -> str:
    """Store the scores of a fit in place of the last ones; return their fingerprint.

    Called in the fit's transaction. Fills the fit's `parameters`, for its caller to save.
    """
    said = listen(row.campaign, Population(row.population))
    scores = sorted(_scores(row, said), key=lambda one: -one.value) if len(said.task) else []
    Score.objects.filter(campaign=row.campaign, population=row.population).delete()
    Score.objects.bulk_create(scores, batch_size=BATCH)
    row.parameters = {"split_half": _reliability(said, row.campaign.seed)}
    plain = [[one.clip_id, one.value, one.low, one.high, one.n_labels] for one in scores]
    return hashlib.sha256(json.dumps([plain, row.parameters]).encode()).hexdigest()


def listen(campaign: Campaign, population: Population) -> Judged:
    """Return the standing, consented, blind answers to the comparison."""
    asked = scheme.comparison(campaign.scheme.questions)
    if asked is None:
        raise ValueError("The scheme has no question that compares clips.")
    rows = [
        (task, clip, value[asked["name"]])
        for task, clip, value in heard.labels(campaign, population, None).values_list(
            "task", "task__clip", "value"
        )
        if value.get(asked["name"]) is not None
    ]
    beside: dict[int, list[int]] = {}
    companions = TaskClip.objects.filter(task__campaign=campaign).order_by("task", "place")
    for task, clip in companions.values_list("task", "clip"):
        beside.setdefault(task, []).append(clip)
    groups = [[clip, *beside[task]] for task, clip, _ in rows]
    clips = sorted({clip for group in groups for clip in group})
    number = {clip: i for i, clip in enumerate(clips)}
    shown = np.array([[number[clip] for clip in group] for group in groups], dtype=np.int64)
    shown = shown.reshape(len(rows), scheme.clips_shown(campaign.scheme.questions))
    chosen = np.array([_chosen(answer) for _, _, answer in rows], dtype=np.int64).reshape(-1, 3)
    places = np.arange(len(rows))
    return Judged(
        clips,
        np.unique([task for task, _, _ in rows], return_inverse=True)[1].astype(np.int64),
        shown,
        shown[places, chosen[:, 0]],
        shown[places, chosen[:, 1]],
        chosen[:, 2].astype(bool),
        bool(asked.get("tie")),
    )


def _chosen(answer: Any) -> tuple[int, int, bool]:
    """Return the places of the best and the worst clip, and whether it was a tie."""
    if isinstance(answer, dict):
        return PLACES.index(answer["best"]), PLACES.index(answer["worst"]), False
    return (1, 0, False) if answer == PLACES[1] else (0, 1, answer != PLACES[0])


def _scores(row: Fit, said: Judged) -> Iterator[Score]:
    everything = np.ones(len(said.task), dtype=np.bool_)
    fitted = bradley_terry.fit(said.comparisons(), len(said.clips), ties=said.ties)
    balance = said.balance(everything)
    n_labels = _times(said.shown, len(said.clips))
    first_of_each = np.unique(said.task, return_index=True)[1]
    n_comparisons = _times(said.shown[first_of_each], len(said.clips))
    for i, clip in enumerate(said.clips):
        yield Score(
            fit=row,
            campaign=row.campaign,
            clip_id=clip,
            population=row.population,
            value=_number(fitted.value[i]) or 0.0,
            low=_number(fitted.low[i]),
            high=_number(fitted.high[i]),
            balance=_number(balance[i]) or 0.0,
            n_labels=int(n_labels[i]),
            n_comparisons=int(n_comparisons[i]),
        )


def _times(shown: Ints, n: int) -> Ints:
    return np.bincount(shown.ravel(), minlength=n)


def _reliability(said: Judged, seed: int) -> dict[str, float] | None:
    if len(said.task) < 2:
        return None
    found: Reliability | None = split_half(said.task, said.half_scores, seed=seed)
    return {name: round(value, DIGITS) for name, value in asdict(found).items()} if found else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), DIGITS)
