"""The figures of the campaign page, read from rows that are there already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Sum, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from annotation import heard, media_links, reports, scheme
from annotation.models import (
    Campaign,
    Consensus,
    Fit,
    Kind,
    Reason,
    Reliability,
    Stage,
    Summary,
    TaskState,
)
from annotation.views import charts, ranking
from annotation.views.charts import Share, Span

MOST_ANNOTATORS = 100
MOST_AMBIGUOUS = 6
FEWEST_CLIPS = 10
BY_CHANCE = (Reason.RANDOM, Reason.AUDIT)
AGGREGATORS = {
    "majority": gettext_lazy("Majority vote"),
    "smoothed_share": gettext_lazy("Smoothed share of votes"),
    "dawid_skene": gettext_lazy("Dawid-Skene"),
    "spam_mixture": gettext_lazy("Spam mixture"),
    "spam_by_class": gettext_lazy("Spam mixture, by answer"),
    "spam_reading": gettext_lazy("Spam mixture, with readings of one's own"),
    "ordered": gettext_lazy("Dawid-Skene by steps"),
}


@dataclass(frozen=True)
class Progress:
    """How far the campaign is."""

    n_labels: int
    wanted: int
    n_tasks: int
    blocked: int

    @property
    def share(self) -> float:
        return self.n_labels / self.wanted if self.wanted else 0.0


def stamp(campaign: Campaign) -> str:
    """Return a word that changes whenever a figure of the campaign may have changed."""
    last = campaign.labels.order_by("-pk").values_list("pk", flat=True).first()
    fit = campaign.fits.values_list("pk", "seen_at").first() or ("", None)
    exports = "".join(campaign.exports.values_list("state", flat=True)[:5])
    seen = fit[1].timestamp() if fit[1] else ""
    return f"{campaign.state}.{last or 0}.{fit[0]}.{seen}.{exports}"


def all_of(campaign: Campaign, user: User) -> dict[str, Any]:
    """Return everything the campaign page shows beside its own fields."""
    population = reports.main_population(campaign)
    fit = reports.latest_fit(campaign)
    shares = distribution(campaign)
    return {
        "progress": progress(campaign),
        "fit": fit,
        "alpha": alpha(fit),
        "alphas": alphas(campaign, fit),
        "aggregators": aggregators(fit),
        "why_chosen": why_chosen(fit),
        "states": states(campaign, reports.states(campaign, population)),
        "shares": shares,
        "shares_chart": charts.distribution(shares) if any(s.n for s in shares) else "",
        "annotators": annotators(campaign),
        **groups(campaign, fit),
        "n_annotators": campaign.members.filter(labelled__gt=0).count(),
        "summaries": summaries(campaign),
        "effect": reports.effect_of_context(campaign),
        "experts_effect": _worth_telling(reports.experts_and_crowd(campaign)),
        "ambiguous": ambiguous(campaign, user),
        **ranking.ranking(campaign, fit, user),
    }


def _worth_telling(effect: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return an effect over enough clips for its interval to mean something."""
    return effect if effect and effect["n_tasks"] >= FEWEST_CLIPS else None


def progress(campaign: Campaign) -> Progress:
    """Return labels against places; clips without consent are counted apart."""
    cleared = Q(cleared_until__gt=timezone.now())
    # A clip that closed early wants no more than it has.
    places = Case(When(retired=True, need="", then="live"), default="target")
    sums = campaign.tasks.aggregate(
        n=Count("pk"), cleared=Count("pk", filter=cleared), wanted=Sum(places, filter=cleared)
    )
    labels = heard.without_left_out(campaign, campaign.labels.standing().consented())
    n_labels = labels.filter(step=0).count()
    return Progress(n_labels, sums["wanted"] or 0, sums["n"], sums["n"] - sums["cleared"])


def alpha(fit: Fit | None) -> Span | None:
    if fit is None or fit.alpha is None:
        return None
    return Span(fit.alpha, fit.alpha_low, fit.alpha_high)


def alphas(campaign: Campaign, fit: Fit | None) -> list[dict[str, Any]]:
    """Return alpha of each answer against all others, the one people agree on most first."""
    found = fit.agreement.get("per_category", {}) if fit else {}
    rows = [
        {"text": o["text"], "alpha": a, "bar": Span(max(a, 0.0), None, None).point}
        for o in scheme.options(campaign.scheme.questions)
        if (a := found.get(o["value"])) is not None
    ]
    return sorted(rows, key=lambda row: -row["alpha"])


def aggregators(fit: Fit | None) -> list[dict[str, Any]]:
    """Return every aggregator that was tried with its held-out score, the best first."""
    scores = fit.scores if fit else {}
    ordered = sorted(scores.items(), key=lambda pair: -pair[1])
    return [
        {
            "name": AGGREGATORS.get(name, name),
            "score": score,
            "chosen": fit and name == fit.aggregator,
        }
        for name, score in ordered
    ]


def why_chosen(fit: Fit | None) -> str:
    """Say in a sentence which aggregator is in use and why."""
    if fit is None or not fit.aggregator:
        return ""
    name = AGGREGATORS.get(fit.aggregator, fit.aggregator)
    if fit.reason == "too few labels":
        return _(
            "%(name)s is in use: the others need 20 labels an annotator and 3 a clip to be judged."
        ) % {"name": name}
    return _(
        "%(name)s is in use: it foresees best what people said where it was not shown their answer."
    ) % {"name": name}


def states(campaign: Campaign, counted: dict[str, int]) -> list[dict[str, Any]]:
    """Return how many clips are in each state; those without labels are open."""
    counted = dict(counted)
    unseen = campaign.n_tasks - sum(counted.values())
    counted[TaskState.OPEN] = counted.get(TaskState.OPEN, 0) + max(unseen, 0)
    total = max(sum(counted.values()), 1)
    return [
        {
            "state": value,
            "name": name,
            "n": counted.get(value, 0),
            "bar": Span(counted.get(value, 0) / total, None, None).point,
        }
        for value, name in TaskState.choices
    ]


def distribution(campaign: Campaign) -> list[Share]:
    """Return how often each option was chosen, on clips picked by chance and on all."""
    asked = scheme.category_question(campaign.scheme.questions)
    if asked is None:
        return []
    blind = campaign.labels.standing().consented().filter(stage=Stage.BLIND)
    found = heard.answered(heard.without_left_out(campaign, blind), asked)
    labels = found.annotate(said=heard.category_at(asked))
    counts = (
        labels.order_by()
        .values_list("said")
        .annotate(n=Count("pk"), chance=Count("pk", filter=Q(reason__in=BY_CHANCE)))
    )
    said = {str(value): (n, chance) for value, n, chance in counts}
    total = sum(n for n, _chance in said.values()) or 1
    total_chance = sum(chance for _n, chance in said.values())
    rows = []
    for option in scheme.options(campaign.scheme.questions):
        n, chance = said.get(option["value"], (0, 0))
        by_chance = chance / total_chance if total_chance else None
        rows.append(Share(option["text"], n, n / total, chance, by_chance))
    return rows


def summaries(campaign: Campaign) -> list[dict[str, Any]]:
    """Return, for each question, how many clips and answers its summaries speak of."""
    rows = Summary.objects.consented().filter(
        task__campaign=campaign, population=reports.main_population(campaign)
    )
    counted = rows.values_list("question").annotate(
        clips=Count("pk"), said=Sum(Cast(KT("value__n"), IntegerField()))
    )
    found = {question: (clips, said) for question, clips, said in counted.order_by()}
    return [
        {
            "prompt": question["prompt"],
            "instrument": question["instrument"],
            "clips": found.get(question["name"], (0, 0))[0],
            "answers": found.get(question["name"], (0, 0))[1],
        }
        for question in campaign.scheme.questions
    ]


def annotators(campaign: Campaign) -> list[dict[str, Any]]:
    """Return what is known of the labels of those who labelled most."""
    rows = Reliability.objects.filter(campaign=campaign).select_related("annotator")
    return [
        {"row": row, "span": Span(row.value, row.low, row.high)}
        for row in rows.order_by("-n_labels", "annotator")[:MOST_ANNOTATORS]
    ]


def groups(campaign: Campaign, fit: Fit | None) -> dict[str, Any]:
    """Return the weights by group in the researcher's words, and the groups that stand apart."""
    texts = {option["value"]: option["text"] for option in campaign.group_options}
    found = fit.groups if fit else []
    rows = [{**row, "text": texts.get(row["group"], row["group"])} for row in found]
    return {"groups": rows, "groups_apart": [r["text"] for r in rows if r["published_apart"]]}


def ambiguous(campaign: Campaign, user: User) -> list[dict[str, Any]]:
    """Return the clips on which people differ most, with a picture and the likeliest options."""
    texts = [option["text"] for option in scheme.options(campaign.scheme.questions)]
    rows = Consensus.objects.consented().filter(
        task__campaign=campaign, population=reports.main_population(campaign), n_labels__gte=2
    )
    return [
        {
            "row": row,
            "clip": row.task.clip,
            "picture": picture(row, user.pk),
            "shares": sorted(zip(texts, row.distribution, strict=True), key=lambda p: -p[1])[:3],
        }
        for row in rows.most_ambiguous_first().select_related("task__clip")[:MOST_AMBIGUOUS]
    ]


def picture(row: Consensus, user: int) -> str:
    """Return where `user` sees the clip of a row, empty where it is only heard."""
    clip = row.task.clip
    if clip.poster:
        return media_links.poster_url(row.task_id, user)
    return media_links.media_url(row.task_id, user) if clip.kind == Kind.IMAGE else ""
