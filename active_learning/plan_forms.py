"""A plan's question as the page asks it; what may be asked is `AskSerializer`'s to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from active_learning import plan_words
from active_learning.models import Plan
from active_learning.plan_serializers import PICKS, AskSerializer, may_ask_of
from active_learning.plans import ALPHA, PILOT
from annotation.models import Campaign, Collection

LATEST_PILOTS = 50
NUMBERS = (
    "clips", "people", "alpha", "classes", "commonest", "annotators", "careless",
    "labels_per_day", "seconds_per_label", "pay_per_hour", "learner_reaches",
)  # fmt: skip
PERCENTS = ("careless", "commonest", "learner_reaches")
# Under which field the page shows what is wrong with another key.
SHOWN_UNDER = {
    "scenarios": "each", "strategies": "strategy", "pilot": "difficulty", "seed": "difficulty",
    "repetitions": "difficulty",
}  # fmt: skip


class PlanForm(forms.Form):
    """`cleaned_data["asked"]` is the checked question."""

    collection = forms.ModelChoiceField(
        label=gettext_lazy("Collection"),
        queryset=Collection.objects.order_by("name"),
        required=False,
        empty_label=gettext_lazy("None yet"),
    )
    clips = forms.IntegerField(
        label=gettext_lazy("Clips"), required=False, widget=forms.NumberInput(attrs={"min": 20})
    )
    people = forms.IntegerField(
        label=gettext_lazy("People in them"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 2}),
    )
    difficulty = forms.ChoiceField(
        label=gettext_lazy("How far people agree"),
        help_text=gettext_lazy("A pilot of your own tells it best."),
    )
    alpha = forms.FloatField(
        label=gettext_lazy("Alpha"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 0.02, "max": 0.98, "step": "any"}),
    )
    classes = forms.IntegerField(
        label=gettext_lazy("Answers to choose from"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 2, "max": 24}),
    )
    commonest = forms.FloatField(
        label=gettext_lazy("Share of the commonest, in %"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 1, "max": 95, "step": "any"}),
    )
    annotators = forms.IntegerField(
        label=gettext_lazy("Annotators"), initial=40, widget=forms.NumberInput(attrs={"min": 2})
    )
    careless = forms.FloatField(
        label=gettext_lazy("Of them careless, in %"),
        initial=10,
        widget=forms.NumberInput(attrs={"min": 0, "max": 60, "step": "any"}),
    )
    labels_per_day = forms.FloatField(
        label=gettext_lazy("Labels each gives a day"),
        initial=200,
        widget=forms.NumberInput(attrs={"min": 1, "step": "any"}),
    )
    seconds_per_label = forms.FloatField(
        label=gettext_lazy("Seconds a label takes"),
        initial=12,
        widget=forms.NumberInput(attrs={"min": 0.5, "step": "any"}),
    )
    pay_per_hour = forms.FloatField(
        label=gettext_lazy("Pay an hour"),
        initial=12,
        widget=forms.NumberInput(attrs={"min": 0, "step": "any"}),
    )
    each = forms.CharField(
        label=gettext_lazy("As many labels of every clip"),
        required=False,
        initial="5",
        max_length=40,
        help_text=gettext_lazy("One number, or some with commas between: 3, 5."),
    )
    least = forms.IntegerField(
        label=gettext_lazy("Adaptive: at least"),
        required=False,
        initial=3,
        widget=forms.NumberInput(attrs={"min": 1, "max": 19}),
    )
    most = forms.IntegerField(
        label=gettext_lazy("and where people differ up to"),
        required=False,
        initial=10,
        widget=forms.NumberInput(attrs={"min": 2, "max": 20}),
    )
    strategy = forms.ChoiceField(
        label=gettext_lazy("A learner picks the clips by"),
        required=False,
        help_text=gettext_lazy("It is compared with clips picked by chance."),
    )
    learner_reaches = forms.FloatField(
        label=gettext_lazy("In the end it is right about so many, in %"),
        required=False,
        help_text=gettext_lazy("Not needed with a pilot: its clips tell."),
        widget=forms.NumberInput(attrs={"min": 5, "max": 99, "step": "any"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["difficulty"].choices = [  # type: ignore[attr-defined]
            *plan_words.corpora(),
            *_pilots(user),
            (ALPHA, _("An alpha of my own")),
        ]
        self.fields["strategy"].choices = [("", _("No learner")), *PICKS]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, other in (("least", "most"), ("most", "least")):
            if data.get(name) is None and data.get(other) is not None:
                self.add_error(name, _("Give both, or neither."))
        if self.errors:
            return data
        try:
            shape = self._shape(data)
        except ValueError:
            self.add_error("each", _("Whole numbers with commas between, such as 3, 5."))
            return data
        asked = AskSerializer(data=shape, context=may_ask_of(self.user))
        if asked.is_valid():
            data["asked"] = asked.validated_data
        else:
            for name, errors in asked.errors.items():
                self._show(name, errors)
        return data

    def _show(self, name: str, errors: Any) -> None:
        place = SHOWN_UNDER.get(name, name)
        for sentence in _sentences(errors):
            self.add_error(place if place in self.fields else None, sentence)

    def _shape(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the form as the API takes it."""
        plain: dict[str, Any] = {
            name: data[name] / 100 if name in PERCENTS else data[name]
            for name in NUMBERS
            if data.get(name) is not None
        }
        source, _colon, key = data["difficulty"].partition(":")
        if source != ALPHA:
            plain = {k: v for k, v in plain.items() if k not in {"alpha", "classes", "commonest"}}
        collection = data["collection"]
        return {
            **plain,
            "collection": collection.name if collection else None,
            "difficulty": source,
            "pilot": int(key) if key else None,
            "scenarios": _ways(data),
            "strategies": [data["strategy"]] if data["strategy"] else [],
        }


def initial(collection: Collection | None, like: Plan | None) -> dict[str, Any]:
    """Return what the form begins with: a collection, or an earlier plan to change."""
    if like is None:
        return {"collection": collection.pk if collection else None}
    asked = like.question
    fixed = [str(one["least"]) for one in asked["scenarios"] if one["most"] is None]
    adaptive = [one for one in asked["scenarios"] if one["most"] is not None]
    percents = {n: None if asked[n] is None else f"{100 * asked[n]:g}" for n in PERCENTS}
    source = asked["difficulty"]
    return {
        **asked,
        **percents,
        "collection": like.collection_id,
        "difficulty": f"{PILOT}:{like.pilot_id}" if source == PILOT else source,
        "each": ", ".join(fixed),
        "least": adaptive[0]["least"] if adaptive else None,
        "most": adaptive[0]["most"] if adaptive else None,
        "strategy": next(iter(asked["strategies"]), ""),
    }


def _pilots(user: User) -> list[tuple[str, str]]:
    rows: QuerySet[Campaign] = Campaign.objects.managed_by(user).filter(fits__isnull=False)
    latest = rows.distinct().order_by("-pk")[:LATEST_PILOTS]
    return [
        (f"{PILOT}:{row.pk}", _("As in the pilot %(name)s") % {"name": row.name}) for row in latest
    ]


def _ways(data: dict[str, Any]) -> list[dict[str, Any]]:
    fixed = [int(part) for part in data["each"].split(",") if part.strip()]
    ways: list[dict[str, Any]] = [{"least": n, "most": None} for n in fixed]
    if data["least"] is not None:
        ways.append({"least": data["least"], "most": data["most"]})
    return ways


def _sentences(errors: Any) -> list[str]:
    if isinstance(errors, dict):
        return [line for each in errors.values() for line in _sentences(each)]
    if isinstance(errors, list):
        return [line for each in errors for line in _sentences(each)]
    return [str(errors)]
