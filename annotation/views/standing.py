"""How an annotator's work stands: their own counts, what was decided about it, an objection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import User
from annotation import alarms, support, telling
from annotation.models import Alarm, AlarmState, Member
from annotation.views import alarm_words, checks
from annotation.views.access import open_campaign, person


class ObjectionForm(forms.Form):
    """What was overlooked in a decision, in the annotator's own words."""

    text = forms.CharField(
        label=gettext_lazy("Your objection"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("What was overlooked? You can object once to each decision."),
    )


@login_required
@never_cache
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what there is to know, and take an objection to what was decided."""
    user, campaign = person(request), open_campaign(request, pk)
    shown = alarms.shown_to(user, campaign)
    filled: dict[int, ObjectionForm] = {}
    if request.method == "POST":
        alarm = _named(request, shown)
        filled[alarm.pk] = _form(alarm, request.POST)
        if _object(alarm, user, filled[alarm.pk]):
            messages.success(request, _("Stored. Somebody looks at it once more and decides."))
            return redirect("annotation:standing", campaign.pk)
    telling.note_read(user, shown)
    seat = Member.objects.filter(campaign=campaign, user=user).first()
    context = {
        "campaign": campaign,
        "member": seat or Member(campaign=campaign, user=user),
        "alarms": [_told(alarm, filled.get(alarm.pk)) for alarm in shown],
        "checks": checks.of(campaign, user),
        "support": support.of(campaign),
    }
    return render(request, "annotation/standing.html", context)


def _named(request: HttpRequest, shown: list[Alarm]) -> Alarm:
    named = request.POST.get("alarm", "")
    for alarm in shown:
        if str(alarm.pk) == named:
            return alarm
    raise Http404


def _form(alarm: Alarm, data: Any = None) -> ObjectionForm:
    return ObjectionForm(data, prefix=f"alarm-{alarm.pk}")


def _object(alarm: Alarm, annotator: User, form: ObjectionForm) -> bool:
    if not form.is_valid():
        return False
    try:
        alarms.object_to(alarm, annotator, form.cleaned_data["text"])
    except alarms.NotPossibleError as error:
        form.add_error("text", str(error))
        return False
    return True


def _told(alarm: Alarm, filled: ObjectionForm | None) -> dict[str, Any]:
    may_object = alarm.state == AlarmState.DECIDED
    return {
        "alarm": alarm,
        "sentence": alarm_words.sentence(alarm),
        "instructions": alarm_words.instructions(alarm),
        "rulings": list(alarm.rulings.all()),
        "form": filled or (_form(alarm) if may_object else None),
    }
