"""Participants, consent forms and consents over HTTP."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from annotation.api.access import Pages, SeesConsents
from annotation.api.consent_serializers import (
    ConsentFormSerializer,
    ConsentSerializer,
    NewConsentSerializer,
    ParticipantSerializer,
)
from consent import recording, review
from consent.models import Consent, ConsentForm, Participant
from web.problems import Problem


class ParticipantViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Participant],
):
    serializer_class = ParticipantSerializer
    permission_classes = [SeesConsents]
    pagination_class = Pages
    queryset = Participant.objects.order_by("pk")


class DecisionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, required=False, default="")


class ConsentFormViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[ConsentForm],
):
    """Versions of consent forms. A form does not change: a new text is the next version."""

    serializer_class = ConsentFormSerializer
    permission_classes = [SeesConsents]
    pagination_class = Pages
    queryset = ConsentForm.objects.order_by("pk")


class ConsentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Consent]
):
    """Consents are written down by researchers and decided by consent reviewers."""

    serializer_class = ConsentSerializer
    permission_classes = [SeesConsents]
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Consent]:
        return Consent.objects.select_related("participant", "form").order_by("pk")

    @extend_schema(request=NewConsentSerializer, responses={201: ConsentSerializer})
    def create(self, request: Request) -> Response:
        """Write down what a participant allowed; a reviewer decides on it."""
        body = NewConsentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        grant = recording.Grant(**body.validated_data["grant"])
        participant = body.validated_data["participant"]
        consent = recording.give(participant, grant, cast("User", request.user))
        return Response(self.get_serializer(consent).data, 201)

    @extend_schema(request=DecisionSerializer, responses=ConsentSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: int) -> Response:
        """Approve a consent that waits for review."""
        return self._decide(request, review.approve)

    @extend_schema(request=DecisionSerializer, responses=ConsentSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: int) -> Response:
        """Reject a consent that waits for review; the reason is needed."""
        return self._decide(request, review.reject)

    @extend_schema(request=DecisionSerializer, responses=ConsentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Relay that the participant withdrew."""
        return self._decide(request, review.withdraw)

    def _decide(self, request: Request, decide: Any) -> Response:
        user = cast("User", request.user)
        if not user.is_consent_reviewer:
            raise Problem(403, _("Only consent reviewers decide on consents."))
        body = DecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        consent = self.get_object()
        try:
            decide(consent, user, body.validated_data["reason"])
        except review.DecisionError as error:
            raise Problem(409, str(error), code="not_possible") from error
        consent.refresh_from_db()
        return Response(self.get_serializer(consent).data)
