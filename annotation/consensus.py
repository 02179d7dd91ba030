"""Labels to weights to consensus: a full fit now and then, and updates of what was touched."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from annotation import closing, comparing, findings, heard, reliabilities, scheme, scoring, summing
from annotation.agreement import selection
from annotation.agreement.aggregation import Aggregate, row_shares
from annotation.agreement.alpha import alpha_for, alpha_interval, alpha_per_class, alpha_with
from annotation.agreement.distances import Level
from annotation.agreement.known import fit_with_known
from annotation.agreement.parameters import from_plain, to_plain
from annotation.agreement.spam_mixture import SpamMixture
from annotation.heard import Heard
from annotation.models import Campaign, Consensus, Fit, Label, Population

VERSION = "3"
# A label may be committed a little after the moment it is stamped with.
OVERLAP = timedelta(seconds=5)
# A full fit once so many labels came since the last, as a share of it, and at least as a number.
DRIFT_SHARE, DRIFT_LABELS = 0.1, 20


def refresh(campaign: Campaign, *, settle: bool = False) -> dict[str, int]:
    """Bring the consensus of every population up to date; return how many tasks were written."""
    populations = campaign.labels.values_list("population", flat=True).distinct().order_by()
    return {
        name: _refresh_population(campaign, Population(name), settle=settle)
        for name in list(populations)
    }


def needs_refresh(campaign: Campaign) -> bool:
    """Return whether labels came that no fit or update has seen."""
    last = _newest(campaign)
    seen = campaign.fits.order_by("-seen_at").values_list("seen_at", flat=True).first()
    return last is not None and (seen is None or last > seen)


def is_unsettled(campaign: Campaign, quiet: timedelta) -> bool:
    """Return whether the labels have come to rest since the last full fit."""
    last = _newest(campaign)
    fitted = campaign.fits.values_list("created_at", flat=True).first()
    return bool(last and fitted and fitted < last < timezone.now() - quiet)


def _newest(campaign: Campaign) -> datetime | None:
    """Return when the newest label was stored that a fit would hear."""
    # Who sees the context first is not heard here, but may have taken a task's last place.
    labels = Label.objects.standing().consented().filter(campaign=campaign, step=0)
    labels = heard.without_left_out(campaign, labels)
    return labels.order_by("-pk").values_list("created_at", flat=True).first()


def fit(campaign: Campaign, population: Population) -> Fit | None:
    """Fit all aggregators to all labels, choose one and write what it says of every task."""
    now = timezone.now()
    question = scheme.category_question(campaign.scheme.questions)
    if question is None:
        return _sum_up(campaign, population, now)
    said = heard.listen(campaign, population)
    if not said.labels:
        Consensus.objects.filter(task__campaign=campaign, population=population).delete()
        return None
    ordered = scheme.is_ordered(question)
    candidates = selection.worth_comparing(len(said.answers), ordered=ordered)
    choice = selection.choose(said.answers, candidates, seed=campaign.seed)
    chosen = choice.fit
    known = heard.known(campaign, said) if chosen.name == SpamMixture.name else None
    if known:
        chosen = fit_with_known(SpamMixture(), said.answers, known)
    row = Fit(
        campaign=campaign,
        population=population,
        version=VERSION,
        aggregator=chosen.name,
        reason=choice.reason,
        scores=choice.scores,
        parameters=to_plain(chosen.parameters),
        annotators=said.annotators,
        n_labels=len(said.labels),
        n_tasks=len(said.tasks),
        last_label=max(said.labels),
        seen_at=now - OVERLAP,
        sha256=_fingerprint(chosen.aggregate),
        **_alpha(campaign, said, Level.ORDINAL if ordered else Level.NOMINAL),
    )
    findings.write(row, said, chosen, now)
    closing.settle(campaign)
    return row


def update(last: Fit) -> int:
    """Recompute, at the fit's parameters, the tasks that got labels since; return how many."""
    now = timezone.now()
    touched = _touched(last)
    said = heard.listen(
        last.campaign, Population(last.population), tasks=touched, annotators=last.annotators
    )
    with transaction.atomic():
        if last != findings.hold(last.campaign, last.population):
            return 0
        if said.labels:
            aggregate = from_plain(last.parameters).aggregate(said.answers)
            findings.write_tasks(last, said, aggregate, now)
            reliabilities.update(last, said, aggregate)
        Fit.objects.filter(pk=last.pk).update(seen_at=now - OVERLAP)
    closing.settle(last.campaign, touched)
    return len(said.tasks)


def _refresh_population(campaign: Campaign, population: Population, *, settle: bool) -> int:
    last = campaign.fits.filter(population=population).first()
    if last and comparing.compares(campaign) and not (settle or _has_drifted(last)):
        return _wait(last)
    if last is None or not last.aggregator or settle or _has_drifted(last):
        fitted = fit(campaign, population)
        return fitted.n_tasks if fitted else 0
    return update(last)


def _wait(last: Fit) -> int:
    """Leave new answers to the next full fit: scores hang on all of them, and none is urgent."""
    Fit.objects.filter(pk=last.pk).update(seen_at=timezone.now() - OVERLAP)
    return 0


def _sum_up(campaign: Campaign, population: Population, now: datetime) -> Fit:
    """Write what the answers add up to where no question has categories to be weighed by."""
    labels = heard.labels(campaign, population, None)
    with transaction.atomic():
        findings.hold(campaign, population)
        row = Fit.objects.create(
            campaign=campaign,
            population=population,
            version=VERSION,
            n_labels=labels.count(),
            n_tasks=labels.order_by().values("task").distinct().count(),
            last_label=labels.aggregate(last=Max("pk"))["last"] or 0,
            seen_at=now - OVERLAP,
        )
        row.sha256 = summing.write(row, now)
        if comparing.compares(campaign):
            row.aggregator, row.sha256 = "bradley_terry", scoring.write(row)
        row.save(update_fields=["aggregator", "parameters", "sha256"])
    return row


def _has_drifted(last: Fit) -> bool:
    """Return whether so much was said since a fit, or taken back, that it should be made anew."""
    most = max(DRIFT_LABELS, DRIFT_SHARE * last.n_labels)
    since = Label.objects.filter(
        campaign=last.campaign_id, population=last.population, pk__gt=last.last_label
    )
    # A look at the index behind the fit's last label: no counting over what it has heard.
    return since[: int(most) + 1].count() > most or _speaks_of_the_withdrawn(last)


def _speaks_of_the_withdrawn(last: Fit) -> bool:
    rows = Consensus.objects.filter(fit__campaign=last.campaign_id, population=last.population)
    gone = Q(task__cleared_until=None) | Q(task__cleared_until__lte=timezone.now())
    return rows.filter(gone).exists()


def _touched(last: Fit) -> list[int]:
    labels = Label.objects.filter(
        campaign=last.campaign_id, population=last.population, created_at__gt=last.seen_at
    )
    return list(labels.values_list("task", flat=True).distinct().order_by())


def _alpha(campaign: Campaign, said: Heard, level: Level) -> dict[str, Any]:
    """Return alpha with its interval over the persons in the clips, and of each category alone."""
    counts = said.answers.counts().astype(np.float64)
    try:
        measure = alpha_for(level, said.answers.n_classes)
        low, high = alpha_interval(
            counts, heard.persons(said.tasks), measure=measure, seed=campaign.seed
        )
        found: dict[str, Any] = {"alpha": alpha_with(measure, counts)}
        found |= {"alpha_low": low, "alpha_high": high}
        alone = [None if np.isnan(a) else float(a) for a in alpha_per_class(counts)]
    except ValueError:
        # Too few labels, or all alike: alpha is not defined, which is no error.
        return {"alpha": None, "alpha_low": None, "alpha_high": None}
    options = scheme.categories(campaign.scheme.questions)
    agreement = {
        "level": level.value,
        "per_category": dict(zip(options, alone, strict=True)),
        "shares": row_shares(counts.sum(axis=0, keepdims=True))[0].tolist(),
    }
    return {**found, "agreement": agreement}


def _fingerprint(aggregate: Aggregate) -> str:
    said = hashlib.sha256(np.ascontiguousarray(aggregate.distribution).tobytes())
    said.update(np.ascontiguousarray(aggregate.weights).tobytes())
    return said.hexdigest()
