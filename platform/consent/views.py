"""Pages of the consent reviewer: what waits, one record, what was decided, the participants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consent import review
from consent.forms import DecisionForm
from consent.models import Consent, Participant, Purpose, State

PAGE_SIZE = 50
DECISIONS: dict[str, Callable[[Consent, User, str], None]] = {
    "approve": review.approve,
    "reject": review.reject,
    "withdraw": review.withdraw,
}
SAID = {
    State.APPROVED: _("Approved: %(who)s may be shown from now on."),
    State.REJECTED: _("Rejected: %(who)s is not shown."),
    State.WITHDRAWN: _("Withdrawn: %(who)s is shown to nobody from now on."),
}


@login_required
def reviews(request: HttpRequest) -> HttpResponse:
    """List the consents that wait, the oldest first."""
    _reviewer(request)
    waiting = Consent.objects.pending().select_related("participant", "form")
    return render(request, "consent/reviews.html", {"page": _page(request, waiting)})


@login_required
def decided(request: HttpRequest) -> HttpResponse:
    """List the decisions, the newest first."""
    _reviewer(request)
    rows = Consent.objects.exclude(state=State.PENDING).order_by("-decided_at", "-pk")
    rows = rows.select_related("participant", "form", "decided_by")
    return render(request, "consent/decided.html", {"page": _page(request, rows)})


@login_required
def participants(request: HttpRequest) -> HttpResponse:
    """List the people in the clips with what they allow, by pseudonym."""
    _reviewer(request)
    in_force = Q(consents__state=State.APPROVED, consents__expires_at__gt=timezone.now())
    people = Participant.objects.annotate(
        until=Max("consents__expires_at", filter=in_force),
        waiting=Count("consents", filter=Q(consents__state=State.PENDING), distinct=True),
        n_clips=Count("clips", distinct=True),
    ).order_by("code")
    if wanted := request.GET.get("q", "").strip():
        people = people.filter(code__icontains=wanted)
    context = {"page": _page(request, people), "wanted": wanted}
    return render(request, "consent/participants.html", context)


@login_required
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one consent with all that a decision needs, and take the decision."""
    reviewer = _reviewer(request)
    consents = Consent.objects.select_related("participant", "form", "decided_by")
    consent = get_object_or_404(consents, pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            DECISIONS[form.cleaned_data["decision"]](consent, reviewer, form.cleaned_data["reason"])
        except review.DecisionError as error:
            form.add_error("reason", str(error))
        else:
            said = SAID[State(consent.state)]
            messages.success(request, said % {"who": consent.participant.code})
            return _onward(consent)
    return render(request, "consent/record.html", {"form": form, **_facts(consent)})


def _onward(consent: Consent) -> HttpResponse:
    """Go on to the next one that waits; back to the record after a withdrawal."""
    if consent.state == State.WITHDRAWN:
        return redirect("consent:record", consent.pk)
    following = Consent.objects.pending().values_list("pk", flat=True).first()
    return redirect("consent:record", following) if following else redirect("consent:reviews")


def _facts(consent: Consent) -> dict[str, Any]:
    waiting = Consent.objects.pending()
    later = waiting.filter(
        Q(created_at__gt=consent.created_at) | Q(created_at=consent.created_at, pk__gt=consent.pk)
    )
    others = consent.participant.consents.exclude(pk=consent.pk).select_related("form")
    return {
        "consent": consent,
        "purposes": [
            (label, value in consent.purposes)
            for value, label in Purpose.choices
            if value in consent.form.purposes or value in consent.purposes
        ],
        "n_clips": consent.participant.clips.count(),
        "form_is_unchanged": consent.form_sha256 == consent.form.fingerprint(),
        "has_run_out": consent.expires_at <= timezone.now(),
        "others": others,
        "following": later.values_list("pk", flat=True).first(),
        "n_waiting": waiting.count(),
    }


def _reviewer(request: HttpRequest) -> User:
    user = cast("User", request.user)
    if not user.is_consent_reviewer:
        raise PermissionDenied
    return user


def _page(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
