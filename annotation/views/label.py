"""The page an annotator works on: one clip, one question."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import User
from annotation import flags, labelling, media_links, scheme, support, waiting
from annotation.answers import Answer, Result
from annotation.api.labelling import describe
from annotation.instruments.places import PLACES
from annotation.models import Assignment, Campaign, Label, Probe
from annotation.views import checks
from annotation.views.access import open_campaign, person

LARGEST_KEY = 2**63 - 1
# "stopped" is not among them: it has a button and a key of its own.
SKIP_TEXTS = {
    "cannot-tell": gettext_lazy("I cannot tell from this clip"),
    "not-playing": gettext_lazy("It does not play, or shows nobody"),
    "distressing": gettext_lazy("It is distressing"),
    "i-know-this-person": gettext_lazy("I know this person"),
    "other": gettext_lazy("Another reason"),
}


@login_required
@never_cache
def label(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the clip in hand; take the answer to it where the page's script does not run."""
    user, campaign = person(request), open_campaign(request, pk)
    if request.method == "POST":
        stored = _take(request, campaign, user)
        if stored and _ends_a_lesson(stored):
            return redirect("annotation:lesson", campaign.pk, stored.pk)
        return redirect("annotation:label", campaign.pk)
    if not _is_told(campaign, user):
        return redirect("annotation:join", campaign.pk)

    done = labelling.exchange(campaign, user, [], want=1)
    context = {
        "campaign": campaign,
        "member": done.member,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "skip_choices": list(SKIP_TEXTS.items()),
        "support": support.of(campaign),
        "checks": checks.of(campaign, user),
        "flag_choices": flags.choices(flags.ALL),
    }
    if done.assignments:
        context |= _in_hand(campaign, done.assignments[0])
    else:
        context |= {
            "nothing": waiting.why_nothing(campaign, done.member.user),
            "questions": scheme.draw(campaign.scheme.questions, {}),
        }
    return render(request, "annotation/label.html", context)


def _is_told(campaign: Campaign, user: User) -> bool:
    """Whether they were told of every flag of the clips, and asked about themselves."""
    if not campaign.flags and not campaign.group_prompt:
        return True
    seat = campaign.members.filter(user=user).values_list("told_flags", "group_asked").first()
    told, asked = seat or (0, False)
    return not campaign.flags & ~told and (asked or not campaign.group_prompt)


def _take(request: HttpRequest, campaign: Campaign, user: User) -> Label | None:
    try:
        answer = _answer(request, campaign)
    except ValueError:
        messages.error(request, _("The form was not complete. Nothing was stored."))
        return None
    (result,) = labelling.exchange(campaign, user, [answer], want=0).results
    _say(request, result)
    return result.stored


def _ends_a_lesson(label: Label) -> bool:
    """Whether it is the last answer to a clip of the training, after which there is feedback."""
    return label.probe == Probe.TRAINING and label.assignment.is_through


def _answer(request: HttpRequest, campaign: Campaign) -> Answer:
    """Return the answer in a form that the browser sent by itself; ValueError if it is none."""
    sent = request.POST
    client_id, assignment = UUID(sent.get("client_id", "")), int(sent.get("assignment", ""))
    if not 0 < assignment <= LARGEST_KEY:
        raise ValueError
    if skip := sent.get("skip", ""):
        return Answer(client_id, assignment, skip=skip)
    value = scheme.read(campaign.scheme.questions, dict(sent.lists()))
    step = int(sent["step"]) if sent.get("step") else None
    return Answer(client_id, assignment, value, stage=sent.get("stage", ""), step=step)


def _say(request: HttpRequest, result: Result) -> None:
    if result.status in ("created", "duplicate"):
        messages.success(request, _("Saved."))
    elif result.status == "invalid":
        details = " ".join(result.errors.values())
        messages.error(request, f"{result.detail} {details}".strip())
    else:
        messages.warning(request, result.detail)


def _compared(assignment: Assignment, place: int) -> dict[str, Any]:
    """Return one of the clips of a task as the page shows it, by its place in the task."""
    clip = assignment.task.clips[place]
    link = assignment.task_id, assignment.annotator_id, place
    return {
        "place": PLACES[place],
        "clip": clip,
        "media_url": media_links.media_url(*link),
        "poster_url": media_links.poster_url(*link) if clip.poster else "",
    }


def _in_hand(campaign: Campaign, assignment: Assignment) -> dict[str, Any]:
    clip, task, user = assignment.task.clip, assignment.task_id, assignment.annotator_id
    return {
        "assignment": assignment,
        "document": describe(assignment, campaign),
        "clip": clip,
        "flags": flags.words(assignment.task.flags),
        "flags_told": flags.told(flags.words(assignment.task.flags)),
        "veil": campaign.veil_over(clip.kind) if assignment.task.flags else "",
        "client_id": uuid4(),
        "media_url": media_links.media_url(task, user),
        "poster_url": media_links.poster_url(task, user) if clip.poster else "",
        "clips": [_compared(assignment, place) for place in range(assignment.task.n_clips)],
        "questions": scheme.draw(campaign.scheme.questions, assignment.options_order),
    }
