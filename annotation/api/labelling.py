"""The calls that annotators make: next, label, skip, and all of them as one batch."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any, cast
from uuid import uuid4

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from annotation import flags, labelling, releasing, scheme, serving, support, training, waiting
from annotation.answers import Answer, Result
from annotation.api import stages
from annotation.api.labelling_serializers import (
    AssignmentSerializer,
    BatchSerializer,
    ExchangeSerializer,
    LabelBodySerializer,
    SkipBodySerializer,
    StoredSerializer,
)
from annotation.media_links import media_url, poster_url
from annotation.models import Assignment, Campaign, CampaignState, Clip, Probe, Standing
from web.problems import Problem

CREATED, OK, GONE = HTTPStatus.CREATED, HTTPStatus.OK, HTTPStatus.GONE
REFUSALS = {
    "lease_gone": GONE,
    "clip_withdrawn": GONE,
    "conflict": HTTPStatus.CONFLICT,
    "not_found": HTTPStatus.NOT_FOUND,
    "invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
}


class NextView(APIView):
    @extend_schema(request=None, responses=AssignmentSerializer)
    def post(self, request: Request, campaign: int) -> Response:
        """Lease the next task, or say why there is none."""
        found = _campaign(campaign)
        done = _exchange(found, cast("User", request.user), [], want=1)
        return Response(_first(done, found))


class BatchView(APIView):
    @extend_schema(request=BatchSerializer, responses=ExchangeSerializer)
    def post(self, request: Request, campaign: int) -> Response:
        """Store answers and lease up to `want` tasks, all in one transaction."""
        body = BatchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        sent = [Answer(**answer) for answer in body.validated_data["answers"]]
        want = body.validated_data["want"]
        found = _campaign(campaign)
        done = _exchange(found, cast("User", request.user), sent, want)
        return Response(_document(done, found, want))


class LabelView(APIView):
    @extend_schema(
        request=LabelBodySerializer, responses={200: StoredSerializer, 201: StoredSerializer}
    )
    def post(self, request: Request, assignment: int) -> Response:
        """Store the label of an assignment; the answer brings the next one."""
        body = LabelBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return _send(request, Answer(assignment=assignment, **body.validated_data))


class SkipView(APIView):
    @extend_schema(
        request=SkipBodySerializer, responses={200: StoredSerializer, 201: StoredSerializer}
    )
    def post(self, request: Request, assignment: int) -> Response:
        """Skip an assignment with a reason; the answer brings the next one."""
        body = SkipBodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        client_id = body.validated_data.get("client_id") or uuid4()
        return _send(request, Answer(client_id, assignment, skip=body.validated_data["reason"]))


class RenewView(APIView):
    @extend_schema(request=None, responses={200: AssignmentSerializer})
    def post(self, request: Request, assignment: int) -> Response:
        """Extend the lease of an assignment that is still being worked on."""
        _campaign_of(assignment, cast("User", request.user))
        until = releasing.renew(assignment, cast("User", request.user))
        if until is None:
            raise Problem(GONE, _("This lease is gone. Ask for the next task."), code="lease_gone")
        return Response({"assignment": assignment, "lease_expires_at": until})


def _send(request: Request, answer: Answer) -> Response:
    user = cast("User", request.user)
    campaign = _campaign_of(answer.assignment, user)
    done = _exchange(campaign, user, [answer], want=1)
    (result,) = done.results
    if result.code:
        errors = {key: [text] for key, text in result.errors.items()}
        raise Refused(REFUSALS[result.code], result, errors)
    status = CREATED if result.status == "created" else OK
    told = training.feedback(campaign, result.stored)
    body = {"label": result.label, "next": _first(done, campaign)}
    return Response(body | ({"feedback": told} if told else {}), status)


class Refused(Problem):
    """A single answer that was not stored as a label; a late one was, as late."""

    def __init__(self, status: int, result: Result, errors: dict[str, Any]) -> None:
        super().__init__(status, result.detail, code=result.code, errors=errors)


def _exchange(campaign: Campaign, user: User, sent: list[Answer], want: int) -> labelling.Exchange:
    try:
        return labelling.exchange(campaign, user, sent, want)
    except serving.NotInvitedError as error:
        raise Http404 from error


def _campaign(key: int) -> Campaign:
    found = Campaign.objects.select_related("scheme").filter(pk=key).first()
    if found is None or found.state == CampaignState.DRAFT:
        raise Http404
    return found


def _campaign_of(assignment: int, user: User) -> Campaign:
    mine = Assignment.objects.filter(pk=assignment, annotator=user)
    found = mine.values_list("campaign", flat=True).first()
    if found is None:
        raise Http404
    return _campaign(found)


def _document(done: labelling.Exchange, campaign: Campaign, want: int) -> dict[str, Any]:
    nothing = (
        waiting.why_nothing(campaign, done.member.user) if want and not done.assignments else None
    )
    return {
        "results": [_result(result, campaign) for result in done.results],
        "assignments": [describe(assignment, campaign) for assignment in done.assignments],
        "reason": nothing.reason if nothing else None,
        "retry_after": nothing.retry_after if nothing else None,
        **_why(nothing, campaign),
        "progress": {
            "labelled": done.member.labelled,
            "skipped": done.member.skipped,
            "credited": done.member.credited,
            "total": campaign.n_tasks,
        },
    }


def _result(result: Result, campaign: Campaign) -> dict[str, Any]:
    said = {"client_id": str(result.client_id), "status": result.status, "label": result.label}
    extra = {
        "code": result.code,
        "detail": result.detail,
        "errors": result.errors,
        "feedback": training.feedback(campaign, result.stored),
    }
    return said | {name: value for name, value in extra.items() if value}


def _first(done: labelling.Exchange, campaign: Campaign) -> dict[str, Any]:
    if done.assignments:
        return describe(done.assignments[0], campaign)
    nothing = waiting.why_nothing(campaign, done.member.user)
    return {
        "assignment": None,
        "reason": nothing.reason,
        "retry_after": nothing.retry_after,
        **_why(nothing, campaign),
    }


def _why(nothing: waiting.Nothing | None, campaign: Campaign) -> dict[str, Any]:
    """Return what there is to say of a break, or of what somebody decided."""
    if nothing is None:
        return {}
    if nothing.standing != Standing.WORKING:
        return {"standing": nothing.standing}
    if nothing.rest is None:
        return {}
    return {"break": {**asdict(nothing.rest), "support": asdict(support.of(campaign))}}


def _clip(assignment: Assignment, place: int, clip: Clip) -> dict[str, Any]:
    shown = assignment.task_id, assignment.annotator_id, place
    return {
        "id": clip.pk,
        "external_id": clip.external_id,
        "kind": clip.kind,
        "media_url": media_url(*shown),
        "poster_url": poster_url(*shown) if clip.poster else None,
        "mime": clip.mime,
        "duration": clip.duration,
        "width": clip.width,
        "height": clip.height,
        "waveform": clip.waveform,
    }


def _probe(assignment: Assignment, campaign: Campaign) -> dict[str, Any]:
    """Return what an annotator is told of a probe: that it is training, or what it asks for.

    Checks and repeats look like any other clip.
    """
    if assignment.probe == Probe.TRAINING:
        return {"training": True}
    if assignment.probe != Probe.ATTENTION:
        return {}
    options = scheme.options(campaign.scheme.questions)
    asked = next(option for option in options if option["value"] == assignment.asked_for)
    return {"instruction": asked}


def describe(assignment: Assignment, campaign: Campaign) -> dict[str, Any]:
    """Return all that the annotator's page or script needs of an assignment."""
    asked = campaign.scheme
    clips = [_clip(assignment, place, clip) for place, clip in enumerate(assignment.task.clips)]
    return {
        "assignment": assignment.pk,
        "lease_expires_at": assignment.lease_expires_at.isoformat(),
        "task": assignment.task_id,
        "clip": clips[0],
        "clips": clips,
        "scheme": {
            "name": asked.name,
            "version": asked.version,
            "perspective": asked.perspective,
            "questions": asked.questions,
        },
        **stages.describe(assignment, campaign),
        **_probe(assignment, campaign),
        "position": assignment.position,
        "options_order": assignment.options_order,
        "flags": flags.words(assignment.task.flags),
        "veil": campaign.veil_over(assignment.task.clip.kind) if assignment.task.flags else "",
    }
