"""The shapes of what an annotator gets and sends."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from annotation.answers import SKIP_REASONS, Answer
from annotation.api.campaign_serializers import SchemeSerializer
from annotation.api.strict import StrictMixin
from annotation.flags import FLAGS
from annotation.models import Break


class AnswerSerializer(StrictMixin, serializers.Serializer[Answer]):
    client_id = serializers.UUIDField()
    assignment = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    value = serializers.JSONField(required=False, default=None, allow_null=True)
    stage = serializers.CharField(
        max_length=10,
        required=False,
        allow_blank=True,
        default="",
        help_text=gettext_lazy("The stage that is answered; refused if another one is open."),
    )
    step = serializers.IntegerField(
        min_value=0,
        max_value=100,
        required=False,
        allow_null=True,
        default=None,
        help_text=gettext_lazy("The step that is answered, as the assignment says it."),
    )
    supersedes = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text=gettext_lazy("The client_id of one's own answer that this one replaces."),
    )
    # Judged answer by answer, like the value: one that is wrong does not hold up the others.
    skip = serializers.CharField(
        max_length=40,
        required=False,
        allow_blank=True,
        default="",
        help_text=gettext_lazy("One of: %(known)s.") % {"known": ", ".join(SKIP_REASONS)},
    )
    latency_ms = serializers.IntegerField(
        min_value=0, max_value=86_400_000, required=False, default=None, allow_null=True
    )
    active_ms = serializers.IntegerField(
        min_value=0, max_value=86_400_000, required=False, default=None, allow_null=True
    )
    changes = serializers.IntegerField(min_value=0, max_value=10_000, required=False, default=0)
    playback = serializers.DictField(required=False, default=dict)
    shown = serializers.DictField(required=False, default=dict)

    def to_answer(self) -> Answer:
        return Answer(**self.validated_data)


class LabelBodySerializer(AnswerSerializer):
    assignment = None  # type: ignore[assignment]
    skip = None  # type: ignore[assignment]


class SkipBodySerializer(StrictMixin, serializers.Serializer[Any]):
    client_id = serializers.UUIDField(required=False)
    reason = serializers.ChoiceField(choices=SKIP_REASONS)


class BatchSerializer(StrictMixin, serializers.Serializer[Any]):
    answers = serializers.ListField(
        child=AnswerSerializer(), required=False, default=list, max_length=100
    )
    want = serializers.IntegerField(min_value=0, max_value=10, required=False, default=1)


class ReadingSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    text = serializers.CharField()
    share = serializers.FloatField()


class FeedbackSerializer(serializers.Serializer[Any]):
    """What others see in a clip of the training, and what there is to see."""

    said = ReadingSerializer(allow_null=True)
    shares = ReadingSerializer(many=True)
    summary = serializers.CharField(help_text=gettext_lazy("The same in a sentence or two."))
    explanation = serializers.CharField(allow_blank=True)


class OptionSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    text = serializers.CharField()


class ResultSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    status = serializers.ChoiceField(
        choices=["created", "duplicate", "late", "withdrawn", "invalid"]
    )
    label = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    code = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)
    errors = serializers.DictField(required=False)  # type: ignore[assignment]
    feedback = FeedbackSerializer(required=False)


class ClipInHandSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    external_id = serializers.CharField()
    kind = serializers.CharField()
    media_url = serializers.CharField()
    poster_url = serializers.CharField(allow_null=True)
    duration = serializers.FloatField(allow_null=True)
    waveform = serializers.ListField(child=serializers.FloatField())
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)


class SupportSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)


class BreakSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Break.choices)
    seconds = serializers.IntegerField()
    support = SupportSerializer()


class BreakMixin:
    """Adds the key `break`, which Python keeps for itself."""

    def get_fields(self) -> dict[str, Any]:
        rest = BreakSerializer(required=False)
        return {**super().get_fields(), "break": rest}  # type: ignore[misc]


class AssignmentSerializer(BreakMixin, serializers.Serializer[Any]):
    assignment = serializers.IntegerField(allow_null=True)
    lease_expires_at = serializers.DateTimeField(required=False)
    task = serializers.IntegerField(required=False)
    clip = ClipInHandSerializer(required=False)
    clips = ClipInHandSerializer(
        many=True, required=False, help_text=gettext_lazy("All that are compared, in their places.")
    )
    scheme = SchemeSerializer(required=False)
    stage = serializers.CharField(required=False)
    step = serializers.IntegerField(required=False)
    steps = serializers.IntegerField(required=False)
    context = serializers.DictField(allow_null=True, required=False)  # type: ignore[assignment]
    suggestion = serializers.DictField(allow_null=True, required=False)
    previous = serializers.DictField(allow_null=True, required=False)
    captions_url = serializers.CharField(allow_null=True, required=False)
    full_view = serializers.BooleanField(required=False)
    undo_seconds = serializers.IntegerField(required=False)
    position = serializers.IntegerField(required=False)
    options_order = serializers.DictField(required=False)
    flags = serializers.ListField(child=serializers.ChoiceField(choices=FLAGS), required=False)
    veil = serializers.ChoiceField(choices=["", "blur", "grey", "mute"], required=False)
    training = serializers.BooleanField(
        required=False, help_text=gettext_lazy("The answer brings feedback and does not count.")
    )
    instruction = OptionSerializer(
        required=False, help_text=gettext_lazy("The answer to choose, whatever the clip shows.")
    )
    standing = serializers.ChoiceField(choices=["paused", "stopped"], required=False)
    reason = serializers.CharField(required=False)
    retry_after = serializers.IntegerField(allow_null=True, required=False)


class ExchangeSerializer(BreakMixin, serializers.Serializer[Any]):
    results = ResultSerializer(many=True)
    assignments = AssignmentSerializer(many=True)
    reason = serializers.CharField(allow_null=True)
    retry_after = serializers.IntegerField(allow_null=True)
    standing = serializers.ChoiceField(choices=["paused", "stopped"], required=False)
    progress = serializers.DictField()


class StoredSerializer(serializers.Serializer[Any]):
    label = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    next = AssignmentSerializer()
    feedback = FeedbackSerializer(required=False)
