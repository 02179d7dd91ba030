"""The annotators of a campaign over HTTP."""

from __future__ import annotations

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from annotation import launching
from annotation.api.access import IsResearcher, managed_campaign
from annotation.models import Member


class MemberSerializer(serializers.ModelSerializer[Member]):
    email = serializers.EmailField(source="user.email", read_only=True)

    class Meta:
        model = Member
        fields = ["email", "joined_at", "labelled", "skipped"]


class NewMemberSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()

    def validate_email(self, email: str) -> User:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None or not user.is_annotator:
            raise serializers.ValidationError(
                _("No annotator or expert has this address. Send them an invitation link.")
            )
        return user


class MembersView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(responses=MemberSerializer(many=True))
    def get(self, request: Request, campaign: int) -> Response:
        """Return who was invited to the campaign or has labelled in it."""
        rows = managed_campaign(request, campaign).members.select_related("user").order_by("pk")
        return Response(MemberSerializer(rows, many=True).data)

    @extend_schema(request=NewMemberSerializer, responses={201: MemberSerializer})
    def post(self, request: Request, campaign: int) -> Response:
        """Invite somebody who has an account."""
        found = managed_campaign(request, campaign)
        body = NewMemberSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        actor = cast("User", request.user)
        member = launching.invite(found, body.validated_data["email"], actor)
        return Response(MemberSerializer(member).data, 201)
