"""The shapes of the API. A campaign file has the shape of `CampaignSerializer`."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from annotation import flags, launching, scheme, staging
from annotation.answers import SKIP_REASONS, Answer
from annotation.flags import FLAGS
from annotation.instruments import InvalidQuestion
from annotation.models import Break, Campaign, Clip, Collection, Export, LabelScheme, Perspective
from annotation.saying import said
from annotation.scheme import Questions

CONFIDENCE = {
    "name": "confidence",
    "instrument": "confidence",
    "prompt": gettext_lazy("How sure are you?"),
}


class StrictMixin:
    """Refuses keys it does not know, with the ones it does."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}  # type: ignore[attr-defined]
            unknown = sorted(str(key) for key in data if key not in self.fields)  # type: ignore[attr-defined]
            if unknown:
                known = ", ".join(sorted(writable))
                error = _("There is no such key. Known keys: %(known)s.") % {"known": known}
                raise serializers.ValidationError({key: [error] for key in unknown})
        return super().to_internal_value(data)  # type: ignore[misc]


class SchemeSerializer(StrictMixin, serializers.Serializer[LabelScheme]):
    """Either `questions` in full, or `question` with `options` and, if wished, `confidence`."""

    name = serializers.CharField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    perspective = serializers.ChoiceField(choices=Perspective.choices, required=False)
    questions = serializers.ListField(child=serializers.DictField(), required=False)
    question = serializers.CharField(write_only=True, required=False, max_length=500)
    options = serializers.ListField(child=serializers.JSONField(), write_only=True, required=False)
    confidence = serializers.BooleanField(write_only=True, required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            questions = scheme.define(self._questions(attrs))
        except InvalidQuestion as error:
            sentence = said(error)
            name, _colon, text = sentence.partition(": ")
            errors = {name: text} if text and name in self.fields else {"questions": sentence}
            raise serializers.ValidationError(errors) from error
        return {"questions": questions, "perspective": attrs.get("perspective", "perceived")}

    def _questions(self, attrs: dict[str, Any]) -> list[dict[str, Any]]:
        if "questions" in attrs:
            return list(attrs["questions"])
        if "question" not in attrs or "options" not in attrs:
            raise InvalidQuestion("Give question and options, or questions in full.")
        asked = {
            "name": "emotion",
            "instrument": "single-choice",
            "prompt": attrs["question"],
            "options": attrs["options"],
        }
        return [asked, {**CONFIDENCE, "prompt": str(CONFIDENCE["prompt"])}][
            : 2 if attrs.get("confidence") else 1
        ]


class CampaignSerializer(StrictMixin, serializers.ModelSerializer[Campaign]):
    collection = serializers.SlugRelatedField(
        slug_field="name", queryset=Collection.objects.order_by("name")
    )
    scheme = SchemeSerializer()
    owner = serializers.EmailField(source="owner.email", read_only=True)

    class Meta:
        model = Campaign
        fields = [
            "id",
            "name",
            "collection",
            "scheme",
            "instructions",
            "purpose",
            "audience",
            "redundancy",
            "most_labels",
            "audit_share",
            "lease_seconds",
            "round_every",
            "warm_up",
            "stages",
            "layers",
            "context_first_share",
            "never_suggested_share",
            "undo_seconds",
            "full_view",
            "captions",
            "comparisons_per_clip",
            "veil",
            "session_minutes",
            "daily_minutes",
            "break_minutes",
            "flagged_before_break",
            "support_url",
            "support_text",
            "seed",
            "state",
            "n_tasks",
            "owner",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = ["state", "n_tasks", "created_at", "started_at", "finished_at"]

    def validate_stages(self, stages: Any) -> Any:
        if stages not in staging.PLANS:
            known = "; ".join(", ".join(plan) for plan in staging.PLANS)
            error = _("Give one of these lists: %(known)s.") % {"known": known}
            raise serializers.ValidationError(error)
        return stages

    def validate_layers(self, layers: Any) -> Any:
        known = ", ".join(staging.LAYERS)
        if not isinstance(layers, list) or any(name not in staging.LAYERS for name in layers):
            error = _("Give a list out of: %(known)s.") % {"known": known}
            raise serializers.ValidationError(error)
        return list(dict.fromkeys(layers))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        asked = attrs["scheme"]["questions"] if "scheme" in attrs else self._questions()
        self._check_numbers(attrs)
        if attrs.get("comparisons_per_clip") and not scheme.comparison(asked):
            error = _("Only a scheme that compares clips has comparisons. Leave it out.")
            raise serializers.ValidationError({"comparisons_per_clip": error})
        if "collection" in attrs and (refusal := launching.not_askable(attrs["collection"], asked)):
            raise serializers.ValidationError({"collection": refusal})
        return attrs

    def _check_numbers(self, attrs: dict[str, Any]) -> None:
        now = self.instance or Campaign()
        names = ("redundancy", "most_labels")
        try:
            Campaign(**{name: attrs.get(name, getattr(now, name)) for name in names}).clean()
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error

    def _questions(self) -> Questions:
        questions: Questions = cast("Campaign", self.instance).scheme.questions
        return questions

    def create(self, validated_data: dict[str, Any]) -> Campaign:
        asked, owner = validated_data.pop("scheme"), validated_data.pop("owner")
        return launching.create_campaign(
            validated_data, asked["questions"], owner, asked["perspective"]
        )

    def update(self, instance: Campaign, validated_data: dict[str, Any]) -> Campaign:
        return launching.change_campaign(instance, validated_data, self.context["request"].user)


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


class ResultSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    status = serializers.ChoiceField(
        choices=["created", "duplicate", "late", "withdrawn", "invalid"]
    )
    label = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    code = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)
    errors = serializers.DictField(required=False)  # type: ignore[assignment]


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
    reason = serializers.CharField(required=False)
    retry_after = serializers.IntegerField(allow_null=True, required=False)


class ExchangeSerializer(BreakMixin, serializers.Serializer[Any]):
    results = ResultSerializer(many=True)
    assignments = AssignmentSerializer(many=True)
    reason = serializers.CharField(allow_null=True)
    retry_after = serializers.IntegerField(allow_null=True)
    progress = serializers.DictField()


class StoredSerializer(serializers.Serializer[Any]):
    label = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    next = AssignmentSerializer()


class CollectionSerializer(StrictMixin, serializers.ModelSerializer[Collection]):
    class Meta:
        model = Collection
        fields = ["id", "name", "description", "created_at"]


class ClipSerializer(StrictMixin, serializers.ModelSerializer[Clip]):
    participants: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Clip
        fields = [
            "id",
            "external_id",
            "kind",
            "duration",
            "sha256",
            "participants",
            "attributes",
            "flags",
        ]
        read_only_fields = ["external_id", "kind", "duration", "sha256", "attributes"]

    def validate_flags(self, given: Any) -> list[str]:
        if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
            raise serializers.ValidationError(_("Give a list of flags."))
        try:
            return flags.checked(given)
        except flags.UnknownFlag as error:
            raise serializers.ValidationError(said(error)) from error


class ExportSerializer(StrictMixin, serializers.ModelSerializer[Export]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = [
            "id",
            "format",
            "state",
            "rows",
            "sha256",
            "error",
            "created_at",
            "finished_at",
            "url",
        ]
        read_only_fields = ["state", "rows", "sha256", "error", "created_at", "finished_at"]

    def get_url(self, export: Export) -> str | None:
        return f"/api/v1/exports/{export.pk}/file/" if export.state == Export.State.READY else None
