"""The shape of a campaign, which is that of a campaign file too."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from annotation import grouping, launching, scheme, staging
from annotation.api.strict import StrictMixin
from annotation.instruments import InvalidQuestion
from annotation.models import Campaign, Collection, LabelScheme, Perspective
from annotation.saying import said
from annotation.scheme import Questions

CONFIDENCE = {
    "name": "confidence",
    "instrument": "confidence",
    "prompt": gettext_lazy("How sure are you?"),
}

# What annotators are not told: with it they could count how far the next check is.
UNTOLD = {*launching.PROBES, "n_gold", "n_teaching", "seed"}


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
            "round_hours",
            "warm_up",
            "learner",
            "strategy",
            "vectors",
            "test_share",
            "stages",
            "layers",
            "context_first_share",
            "never_suggested_share",
            "undo_seconds",
            "full_view",
            "captions",
            "comparisons_per_clip",
            *launching.PROBES,
            "veil",
            "session_minutes",
            "daily_minutes",
            "break_minutes",
            "flagged_before_break",
            "support_url",
            "support_text",
            "group_prompt",
            "group_options",
            "seed",
            "state",
            "n_tasks",
            "n_gold",
            "n_teaching",
            "owner",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = [
            "state", "n_tasks", "n_gold", "n_teaching", "created_at", "started_at", "finished_at",
        ]  # fmt: skip

    def to_representation(self, instance: Campaign) -> dict[str, Any]:
        """Leave out what tells where checks stand for who labels in a campaign."""
        told: dict[str, Any] = super().to_representation(instance)
        request = self.context.get("request")
        if request is None or instance.is_managed_by(request.user):
            return told
        return {name: value for name, value in told.items() if name not in UNTOLD}

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

    def validate_group_options(self, given: Any) -> Any:
        try:
            return grouping.checked(given)
        except InvalidQuestion as error:
            problem = said(error).removeprefix("group_options: ")
            raise serializers.ValidationError(problem) from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        asked = attrs["scheme"]["questions"] if "scheme" in attrs else self._questions()
        self._check_numbers(attrs)
        self._check_group(attrs)
        if attrs.get("comparisons_per_clip") and not scheme.comparison(asked):
            error = _("Only a scheme that compares clips has comparisons. Leave it out.")
            raise serializers.ValidationError({"comparisons_per_clip": error})
        self._check_probes(attrs, asked)
        if "collection" in attrs and (refusal := launching.not_askable(attrs["collection"], asked)):
            raise serializers.ValidationError({"collection": refusal})
        self._check_vectors(attrs)
        return attrs

    def _check_vectors(self, attrs: dict[str, Any]) -> None:
        collection = attrs.get("collection") or cast("Campaign", self.instance).collection
        if refusal := launching.no_such_vectors(collection, attrs.get("vectors", "")):
            raise serializers.ValidationError({"vectors": refusal})

    def _check_probes(self, attrs: dict[str, Any], asked: Questions) -> None:
        stages = attrs.get("stages", self.instance.stages if self.instance else staging.PLANS[0])
        for name in ("repeat_every", "attention_every"):
            if attrs.get(name) and (refusal := launching.not_met_again(asked, stages)):
                raise serializers.ValidationError({name: refusal})

    def _check_numbers(self, attrs: dict[str, Any]) -> None:
        now = self.instance or Campaign()
        names = ("redundancy", "most_labels")
        try:
            Campaign(**{name: attrs.get(name, getattr(now, name)) for name in names}).clean()
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error

    def _check_group(self, attrs: dict[str, Any]) -> None:
        now = self.instance or Campaign()
        prompt, options = (attrs.get(n, getattr(now, n)) for n in ("group_prompt", "group_options"))
        if errors := grouping.incomplete(prompt, options):
            raise serializers.ValidationError(errors)

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
