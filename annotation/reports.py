"""The figures of a campaign as plain values, for the API and the pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import Count

from annotation import comparing, heard, scheme, staging
from annotation.agreement.context_effect import context_effect
from annotation.models import Campaign, Consensus, Fit, Population, Score
from annotation.models.score import ScoreQuerySet


def main_population(campaign: Campaign) -> Population:
    """Return the population whose labels the campaign is about."""
    return Population.EXPERT if campaign.audience == "expert" else Population.CROWD


def latest_fit(campaign: Campaign, population: Population | None = None) -> Fit | None:
    """Return the newest full fit of a population."""
    return campaign.fits.filter(population=population or main_population(campaign)).first()


def agreement(campaign: Campaign) -> dict[str, Any]:
    """Return alpha with its interval, the aggregator and the states, by population."""
    populations = campaign.fits.values_list("population", flat=True).distinct().order_by()
    figures = _comparison_figures if comparing.compares(campaign) else _figures
    return {
        "options": scheme.categories(campaign.scheme.questions),
        "populations": {name: figures(campaign, Population(name)) for name in populations},
        "effect_of_context": effect_of_context(campaign),
        "experts_and_crowd": experts_and_crowd(campaign),
    }


def effect_of_context(campaign: Campaign) -> dict[str, Any] | None:
    """Return how much seeing all the context changes the answers; None where nobody saw it."""
    if staging.CONTEXT not in campaign.stages or not scheme.options(campaign.scheme.questions):
        return None
    population = main_population(campaign)
    try:
        effect = context_effect(*heard.before_and_after(campaign, population), seed=campaign.seed)
    except ValueError:
        return None
    return asdict(effect)


def experts_and_crowd(campaign: Campaign) -> dict[str, Any] | None:
    """Return how far experts differ from the crowd, beyond chance; None where not both answered."""
    if scheme.category_question(campaign.scheme.questions) is None:
        return None
    if not campaign.labels.filter(population=Population.EXPERT).exists():
        return None
    try:
        return asdict(context_effect(*heard.crowd_and_experts(campaign), seed=campaign.seed))
    except ValueError:
        return None


def scores(campaign: Campaign, population: Population | None = None) -> ScoreQuerySet:
    """Return the score of each clip that was compared and may be shown, the highest first."""
    rows = Score.objects.consented().filter(
        campaign=campaign, population=population or main_population(campaign)
    )
    return rows.select_related("clip").highest_first()


def states(campaign: Campaign, population: Population) -> dict[str, int]:
    """Return how many tasks are in each state."""
    rows = Consensus.objects.consented().filter(task__campaign=campaign, population=population)
    return dict(rows.values_list("state").annotate(n=Count("pk")).order_by("state"))


def _comparison_figures(campaign: Campaign, population: Population) -> dict[str, Any]:
    """Return how well the scores of clips repeat; comparisons have no alpha and no states."""
    fit = latest_fit(campaign, population)
    if fit is None:
        return {}
    return {
        "split_half": fit.parameters.get("split_half"),
        "scorer": fit.aggregator,
        "n_labels": fit.n_labels,
        "n_comparisons": fit.n_tasks,
        "n_clips": scores(campaign, population).count(),
        "version": fit.version,
        "sha256": fit.sha256,
        "created_at": fit.created_at,
    }


def _figures(campaign: Campaign, population: Population) -> dict[str, Any]:
    fit = latest_fit(campaign, population)
    if fit is None:
        return {}
    return {
        "alpha": fit.alpha,
        "alpha_low": fit.alpha_low,
        "alpha_high": fit.alpha_high,
        "alpha_level": fit.agreement.get("level"),
        "alpha_per_category": fit.agreement.get("per_category", {}),
        "alpha_without_flagged": fit.agreement.get("without_flagged"),
        "aggregator": fit.aggregator,
        "reason": fit.reason,
        "held_out_log_likelihood": fit.scores,
        "n_labels": fit.n_labels,
        "n_tasks": fit.n_tasks,
        "groups": fit.groups,
        "states": states(campaign, population),
        "version": fit.version,
        "sha256": fit.sha256,
        "created_at": fit.created_at,
    }
