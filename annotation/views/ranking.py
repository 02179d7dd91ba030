"""The ranking of compared clips on the campaign page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from annotation import comparing, media_links, reports
from annotation.models import Campaign, Clip, Fit, Kind, Score, TaskClip
from annotation.views import charts

MOST_AT_AN_END = 10
PICTURES = 3


@dataclass(frozen=True)
class Ranked:
    """A clip's score with its rank, and a picture where it is among the very first or last."""

    rank: int
    row: Score
    picture: str = ""

    @property
    def clip(self) -> Clip:
        return self.row.clip


def ranking(campaign: Campaign, fit: Fit | None, user: User) -> dict[str, Any]:
    """Return the first and the last clips with their scores; nothing where none is compared."""
    if not comparing.compares(campaign):
        return {}
    rows = list(reports.scores(campaign))
    ranked = [Ranked(rank, row) for rank, row in enumerate(rows, start=1)]
    shown = ranked
    if len(ranked) > 2 * MOST_AT_AN_END:
        shown = ranked[:MOST_AT_AN_END] + ranked[-MOST_AT_AN_END:]
    each = min(PICTURES, len(ranked) // 2)
    return {
        "compares": True,
        "ranked": shown,
        "n_ranked": len(ranked),
        "ranking_chart": charts.ranking(shown) if shown else "",
        "most": [_pictured(one, campaign, user) for one in ranked[:each]],
        "least": [_pictured(one, campaign, user) for one in ranked[len(ranked) - each :]],
        "n_annotators": campaign.members.filter(labelled__gt=0).count(),
        "split_half": fit.parameters.get("split_half") if fit else None,
    }


def _pictured(one: Ranked, campaign: Campaign, user: User) -> Ranked:
    clip = one.clip
    if not clip.poster and clip.kind != Kind.IMAGE:
        return one
    url = media_links.poster_url if clip.poster else media_links.media_url
    place = _place(campaign, clip)
    return Ranked(one.rank, one.row, url(place[0], user.pk, place[1]) if place else "")


def _place(campaign: Campaign, clip: Clip) -> tuple[int, int] | None:
    """Return a task that may show the clip, and the clip's place in it."""
    first = campaign.tasks.cleared().filter(clip=clip).values_list("pk", flat=True).first()
    if first is not None:
        return first, 0
    beside = TaskClip.objects.filter(clip=clip, task__in=campaign.tasks.cleared())
    return beside.order_by("pk").values_list("task", "place").first()
