"""The first page: what this person can do now."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from annotation import telling
from annotation.models import Campaign, CampaignState, Collection, Member, Need, Task
from annotation.views.access import person
from consent.models import Consent

MOST = 8


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the work that waits for the person, by role."""
    user = person(request)
    context: dict[str, Any] = {}
    if user.is_annotator:
        context |= _work(user)
    if user.is_researcher:
        context |= {
            "campaigns": Campaign.objects.managed_by(user).select_related("collection")[:MOST],
            "n_collections": Collection.objects.count(),
        }
    if user.is_consent_reviewer:
        context["n_pending"] = Consent.objects.pending().count()
    return render(request, "annotation/home.html", context)


def _work(user: User) -> dict[str, Any]:
    mine = Member.objects.filter(campaign=OuterRef("pk"), user=user)
    telling_of = telling.campaigns_that_tell(user)
    asked = Campaign.objects.open_to(user).annotate(
        labelled=Subquery(mine.values("labelled")[:1]),
        skipped=Subquery(mine.values("skipped")[:1]),
        standing=Subquery(mine.values("standing")[:1]),
        tells=_is_among(list(telling_of)),
        tells_news=_is_among([pk for pk, is_new in telling_of.items() if is_new]),
    )
    waiting = Task.objects.cleared().filter(campaign=OuterRef("pk"), need=Need.EXPERT)
    finished = asked.filter(state=CampaignState.FINISHED, labelled__gt=0)
    return {
        "running": asked.running(),
        "paused": asked.filter(state=CampaignState.PAUSED, labelled__gt=0),
        "finished": finished[:MOST],
        "with_cases": asked.filter(Exists(waiting))[:MOST] if user.is_expert else [],
    }


def _is_among(campaigns: list[int]) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(pk__in=campaigns), output_field=BooleanField())
