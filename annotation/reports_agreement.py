"""How far people agree in a campaign, part by part, and what more labels would buy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Count, Max, Sum

from annotation import heard, reports, scheme, slicing
from annotation.agreement import more_labels
from annotation.agreement.alpha import alpha_for, alpha_interval, alpha_with
from annotation.agreement.answers import Bools, Floats
from annotation.agreement.bootstrap import Coefficient
from annotation.agreement.coincidences import Coincidences, coincidences
from annotation.agreement.distances import Level
from annotation.agreement.more_labels import Gain
from annotation.agreement.parameters import from_plain
from annotation.heard import Heard
from annotation.models import Campaign, Consensus, Fit, TaskState

CACHED_SECONDS = 60 * 60
FEWEST_CLIPS = 10
MOST_FITS = 60
SETTLED = (TaskState.CONSENSUS, TaskState.MIXED, TaskState.AMBIGUOUS)


@dataclass(frozen=True)
class Part:
    """Alpha of a part of the labels; without one where fewer than `FEWEST_CLIPS` clips tell."""

    group: str
    name: str
    n_labels: int
    n_tasks: int
    alpha: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Agreement:
    """What the agreement page computes from the labels that stand and have consent now."""

    parts: list[Part]
    answers: list[Part]
    confusion: Coincidences
    still_open: list[Gain]
    done: list[Gain]
    kinds: list[str]


def agreement_of(campaign: Campaign, fit: Fit | None) -> Agreement | None:
    """Return the figures; None where no question has categories or nothing is fitted yet."""
    if fit is None or scheme.category_question(campaign.scheme.questions) is None:
        return None
    key = f"agreement:{campaign.pk}:{fit.pk}:{fit.seen_at.timestamp()}:{_fingerprint(campaign)}"
    found: Agreement | None = cache.get(key)
    if found is None:
        found = _compute(campaign, fit)
        if found is not None:
            cache.set(key, found, CACHED_SECONDS)
    return found


def history(campaign: Campaign) -> list[dict[str, Any]]:
    """Return alpha fit by fit, the first first; of many, as many as can be drawn apart."""
    rows = campaign.fits.filter(
        population=reports.main_population(campaign), alpha__isnull=False
    ).order_by("pk")
    names = ("created_at", "n_labels", "alpha", "alpha_low", "alpha_high")
    found = [dict(zip(names, row, strict=True)) for row in rows.values_list(*names)]
    if len(found) <= MOST_FITS:
        return found
    return [found[i] for i in np.linspace(0, len(found) - 1, MOST_FITS).astype(int)]


def populations(campaign: Campaign) -> list[Fit]:
    """Return the newest fit of each population, with whom its alpha stands for."""
    newest = campaign.fits.order_by().values("population").annotate(last=Max("pk"))
    keys = newest.values_list("last", flat=True)
    return list(campaign.fits.filter(pk__in=keys).order_by("population"))


def _fingerprint(campaign: Campaign) -> str:
    """Return what changes as soon as a label comes, is changed, or loses its consent."""
    labels = heard.labels(campaign, reports.main_population(campaign), None).order_by()
    told = labels.aggregate(n=Count("pk"), last=Max("pk"), tasks=Sum("task_id"))
    return "-".join(str(told[name]) for name in ("n", "last", "tasks"))


def _compute(campaign: Campaign, fit: Fit) -> Agreement | None:
    population = reports.main_population(campaign)
    said = heard.listen(campaign, population, annotators=fit.annotators)
    if not said.labels:
        return None
    clips = slicing.clips(campaign, said)
    question = scheme.category_question(campaign.scheme.questions) or {}
    level = Level.ORDINAL if scheme.is_ordered(question) else Level.NOMINAL
    measure = alpha_for(level, said.answers.n_classes)
    seen = _Seen(said, clips.persons, campaign.seed)
    still_open, done = _gains(campaign, fit, said)
    return Agreement(
        parts=[
            seen.part(group, name, chosen, measure)
            for group, name, chosen in slicing.parts(campaign, said, clips)
        ],
        answers=list(_answers(campaign, seen)),
        confusion=coincidences(said.answers.counts()),
        still_open=still_open,
        done=done,
        kinds=clips.kinds,
    )


@dataclass(frozen=True, eq=False)
class _Seen:
    """All labels, with the person in each clip."""

    said: Heard
    persons: np.ndarray[Any, Any]
    seed: int

    def part(self, group: str, name: str, chosen: Bools, measure: Coefficient) -> Part:
        """Return alpha of the `chosen` labels (n_labels,)."""
        counts = self.said.answers.subset(chosen).counts().astype(np.float64)
        return self.alpha(Part(group, name, *_sizes(counts)), counts, measure)

    def alpha(self, part: Part, counts: Floats, measure: Coefficient) -> Part:
        if part.n_tasks < FEWEST_CLIPS:
            return part
        told = counts.sum(axis=1) > 1
        try:
            value = alpha_with(measure, counts[told])
            low, high = alpha_interval(
                counts[told], self.persons[told], measure=measure, seed=self.seed
            )
        except ValueError:
            # Everybody said the same: there is nothing by chance to measure against.
            return part
        return Part(part.group, part.name, part.n_labels, part.n_tasks, value, low, high)


def _sizes(counts: Floats) -> tuple[int, int]:
    """Return how many labels of these stand beside another, and on how many clips."""
    totals = counts.sum(axis=1)
    return int(totals[totals > 1].sum()), int((totals > 1).sum())


def _answers(campaign: Campaign, seen: _Seen) -> Iterator[Part]:
    """Yield alpha of each answer against all others; `n_labels` is how often it was given."""
    counts = seen.said.answers.counts().astype(np.float64)
    totals = counts.sum(axis=1)
    for option, given in zip(scheme.options(campaign.scheme.questions), counts.T, strict=True):
        part = Part("answer", option["text"], int(given.sum()), int((given > 0).sum()))
        two = np.column_stack([given, totals - given])
        yield seen.alpha(part, two, alpha_for(Level.NOMINAL, 2))


def _gains(campaign: Campaign, fit: Fit, said: Heard) -> tuple[list[Gain], list[Gain]]:
    """Return what more labels would buy for clips that are open, and for those done."""
    rows = Consensus.objects.consented().filter(task__campaign=campaign, population=fit.population)
    state_of = dict(rows.values_list("task", "state"))
    states = np.array([state_of.get(task, "") for task in said.tasks])
    aggregate = from_plain(fit.parameters).aggregate(said.answers)
    n_labels = said.answers.labels_per_task
    weight = float(aggregate.weights.mean())

    def of(chosen: Bools) -> list[Gain]:
        if not chosen.any():
            return []
        alphas, heavy = aggregate.alphas[chosen], aggregate.effective_n[chosen]
        return more_labels.gains(alphas, heavy, n_labels[chosen], weight=weight, seed=campaign.seed)

    return of(states == TaskState.OPEN), of(np.isin(states, SETTLED))
