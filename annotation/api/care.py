"""What an annotator will not see, and what they were shown, over HTTP."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from annotation import care, exposure, flags, resting
from annotation.api.strict import StrictMixin


class OptOutsSerializer(StrictMixin, serializers.Serializer[Any]):
    opt_outs = serializers.ListField(child=serializers.ChoiceField(choices=flags.FLAGS))


class ExposureSerializer(serializers.Serializer[Any]):
    opt_outs = serializers.ListField(child=serializers.ChoiceField(choices=flags.FLAGS))
    minutes_in_a_day = serializers.IntegerField()
    minutes_on_end = serializers.IntegerField()
    clips = serializers.IntegerField()
    flagged = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))


class CareView(APIView):
    @extend_schema(responses=ExposureSerializer)
    def get(self, request: Request) -> Response:
        """Return your own opt-outs and what you were shown; nobody else's can be asked for."""
        return Response(_document(_annotator(request)))

    @extend_schema(request=OptOutsSerializer, responses=ExposureSerializer)
    def patch(self, request: Request) -> Response:
        """Choose the flags you do not want to see; clips in hand that have one are taken back."""
        user = _annotator(request)
        body = OptOutsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        care.opt_out(user, body.validated_data["opt_outs"])
        return Response(_document(user))


def _annotator(request: Request) -> User:
    user = cast("User", request.user)
    if not user.is_annotator:
        raise PermissionDenied
    return user


def _document(user: User) -> dict[str, Any]:
    mine = exposure.of(user)
    return {
        "opt_outs": flags.words(resting.care_of(user).opt_outs),
        "minutes_in_a_day": mine.minutes_in_a_day,
        "minutes_on_end": mine.minutes_on_end,
        "clips": mine.clips,
        "flagged": {
            count.flag: {"served": count.served, "revealed": count.revealed}
            for count in mine.counts
        },
    }
