"""The shape of a question to a plan, which is that of a plan file and of the page's form too."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import User
from active_learning import plans
from active_learning.models import Plan
from active_learning.planning.difficulty import CORPORA
from active_learning.plans import ALPHA, PILOT
from annotation import scheme
from annotation.api.strict import StrictMixin
from annotation.models import Campaign, Collection
from annotation.models.campaign import Strategy
from jobs.models import Job

SOURCES = (PILOT, ALPHA, *CORPORA)
PICKS = [choice for choice in Strategy.choices if choice[0] != Strategy.RANDOM]
# What is simulated grows with the most labels that a clip may get.
MOST_LABELS, MOST_WAYS, MOST_PICKS = 20, 4, 2


class NumberField(serializers.FloatField):
    """A number; neither "not a number" nor infinity, which YAML can say."""

    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


class ScenarioSerializer(StrictMixin, serializers.Serializer[Any]):
    """`least` labels of every clip; with `most`, so many where people differ."""

    least = serializers.IntegerField(min_value=1, max_value=MOST_LABELS)
    most = serializers.IntegerField(
        min_value=2, max_value=MOST_LABELS, allow_null=True, default=None
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["most"] is not None and attrs["most"] <= attrs["least"]:
            error = _("Give more than least, or leave it out for as many of every clip.")
            raise serializers.ValidationError({"most": [error]})
        return attrs


class AskSerializer(StrictMixin, serializers.Serializer[Any]):
    """What a campaign would be like; `context["campaigns"]` are those that may be pilots."""

    collection = serializers.SlugRelatedField(
        slug_field="name",
        queryset=Collection.objects.order_by("name"),
        allow_null=True,
        default=None,
        help_text=gettext_lazy(
            "Tells the number of clips and of people, where they are not given."
        ),
    )
    clips = serializers.IntegerField(min_value=20, max_value=1_000_000, required=False)
    people = serializers.IntegerField(min_value=2, max_value=1_000_000, required=False)
    difficulty = serializers.ChoiceField(
        choices=SOURCES,
        help_text=gettext_lazy(
            "How far people agree: as in a published corpus, in a pilot, or by an alpha."
        ),
    )
    pilot = serializers.IntegerField(
        allow_null=True, default=None, help_text=gettext_lazy("A campaign with labels, by its id.")
    )
    alpha = NumberField(min_value=0.02, max_value=0.98, allow_null=True, default=None)
    commonest = NumberField(
        min_value=0.01,
        max_value=0.95,
        allow_null=True,
        default=None,
        help_text=gettext_lazy("The share of the commonest answer, beside an alpha."),
    )
    classes = serializers.IntegerField(min_value=2, max_value=24, required=False)
    annotators = serializers.IntegerField(min_value=2, max_value=10_000)
    careless = NumberField(min_value=0, max_value=0.6, default=0.0)
    labels_per_day = NumberField(min_value=1, max_value=10_000, default=200)
    seconds_per_label = NumberField(min_value=0.5, max_value=3600, default=12)
    pay_per_hour = NumberField(min_value=0, max_value=100_000, default=12)
    scenarios = serializers.ListField(
        child=ScenarioSerializer(), min_length=1, max_length=MOST_WAYS
    )
    strategies = serializers.ListField(
        child=serializers.ChoiceField(choices=PICKS),
        max_length=MOST_PICKS,
        default=list,
        help_text=gettext_lazy("How a learner would pick clips; without any none is simulated."),
    )
    learner_reaches = NumberField(
        min_value=0.05,
        max_value=0.99,
        allow_null=True,
        default=None,
        help_text=gettext_lazy(
            "How often a learner is right in the end; a pilot's clips tell it better."
        ),
    )
    repetitions = serializers.IntegerField(min_value=5, max_value=100, default=30)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        errors: dict[str, list[str]] = {}
        self._size(attrs, errors)
        pilot = self._pilot(attrs, errors)
        self._classes(attrs, errors, pilot)
        self._ways(attrs, errors)
        self._learner(attrs, errors, pilot)
        if errors:
            raise serializers.ValidationError(errors)
        return {**attrs, "pilot": pilot}

    def _size(self, attrs: dict[str, Any], errors: dict[str, list[str]]) -> None:
        if collection := attrs["collection"]:
            clips = collection.clips.count()
            people = collection.clips.values("participants").distinct().count()
            attrs.setdefault("clips", clips)
            attrs.setdefault("people", min(max(people, 2), attrs["clips"]))
        for name, least in (("clips", 20), ("people", 2)):
            if attrs.get(name) is None:
                errors[name] = [_("Give a number, or a collection.")]
            elif attrs[name] < least:
                errors[name] = [
                    _("The collection has fewer than %(n)d. Give a number.") % {"n": least}
                ]

    def _pilot(self, attrs: dict[str, Any], errors: dict[str, list[str]]) -> Campaign | None:
        if attrs["difficulty"] != PILOT:
            if attrs["pilot"] is not None:
                errors["pilot"] = [_("Leave it out, or give pilot as the difficulty.")]
            return None
        found: Campaign | None = self.context["campaigns"].filter(pk=attrs["pilot"]).first()
        if found is None:
            errors["pilot"] = [_("Name a campaign of yours whose labels are the pilot.")]
        elif scheme.category_question(found.scheme.questions) is None:
            errors["pilot"] = [_("It asks no question with categories.")]
            return None
        return found

    def _classes(
        self, attrs: dict[str, Any], errors: dict[str, list[str]], pilot: Campaign | None
    ) -> None:
        source = attrs["difficulty"]
        if source == ALPHA:
            self._of_alpha(attrs, errors)
            return
        for name in ("alpha", "commonest"):
            if attrs[name] is not None:
                errors[name] = [_("Leave it out, or give alpha as the difficulty.")]
        if source in CORPORA:
            known = CORPORA[source].anchor.n_categories
        else:
            known = len(scheme.categories(pilot.scheme.questions)) if pilot else 0
        if known and attrs.setdefault("classes", known) != known:
            errors["classes"] = [_("There it is %(n)d. Leave it out.") % {"n": known}]

    def _of_alpha(self, attrs: dict[str, Any], errors: dict[str, list[str]]) -> None:
        for name in ("alpha", "classes"):
            if attrs.get(name) is None:
                errors[name] = [_("Give it, too: alpha alone says nothing without it.")]
        commonest, classes = attrs["commonest"], attrs.get("classes")
        if commonest is not None and classes and commonest < 1 / classes:
            errors["commonest"] = [_("The commonest of so many answers has more than that.")]

    def _ways(self, attrs: dict[str, Any], errors: dict[str, list[str]]) -> None:
        ways = [(one["least"], one["most"]) for one in attrs["scenarios"]]
        most = max(cap or least for least, cap in ways)
        if len(set(ways)) < len(ways):
            errors["scenarios"] = [_("Two of them are the same.")]
        elif most > attrs["annotators"]:
            errors["scenarios"] = [
                _("A clip cannot get %(n)d labels from %(people)d annotators.")
                % {"n": most, "people": attrs["annotators"]}
            ]

    def _learner(
        self, attrs: dict[str, Any], errors: dict[str, list[str]], pilot: Campaign | None
    ) -> None:
        reaches, classes = attrs["learner_reaches"], attrs.get("classes")
        if attrs["strategies"] and reaches is None and pilot is None:
            errors["learner_reaches"] = [_("Give it, or a pilot whose clips a learner can read.")]
        elif reaches is not None and classes and reaches <= 1 / classes:
            errors["learner_reaches"] = [_("Chance alone is right as often.")]


class PlanJobSerializer(serializers.ModelSerializer[Job]):
    class Meta:
        model = Job
        fields = ["state", "progress", "message", "error"]


class PlanSerializer(serializers.ModelSerializer[Plan]):
    """A plan as it is told: `result` is null until it is done."""

    state = serializers.ChoiceField(choices=Job.State.choices, read_only=True)
    collection = serializers.SlugRelatedField[Collection](slug_field="name", read_only=True)
    job = PlanJobSerializer(read_only=True)

    class Meta:
        model = Plan
        fields = ["id", "state", "collection", "pilot", "question", "job", "result", "created_at"]
        read_only_fields = fields


def may_ask_of(user: User | None) -> dict[str, Any]:
    """Return what a question is checked against: whose campaigns may be pilots; None: anybody's."""
    campaigns = Campaign.objects.all() if user is None else Campaign.objects.managed_by(user)
    return {"campaigns": campaigns.select_related("scheme")}


def settings_of(asked: dict[str, Any]) -> dict[str, Any]:
    """Return a checked question without the rows it names: plain values, as a plan keeps them."""
    return {name: value for name, value in asked.items() if name not in {"collection", "pilot"}}


def ask(asked: dict[str, Any], user: User) -> Plan:
    """Store a checked question of somebody's, with the job that answers it."""
    return plans.ask(settings_of(asked), user, asked["collection"], asked["pilot"])
