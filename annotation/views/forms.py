"""What a researcher types: a campaign, a collection, an upload, an invitation."""

from __future__ import annotations

from typing import Any

import yaml
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation import flags, launching, scheme
from annotation.flags import ALL
from annotation.instruments import InvalidQuestion
from annotation.models import Campaign, Collection
from annotation.saying import said
from annotation.scheme import Questions
from annotation.views import group_fields, stage_fields, starters

CARE = (
    "veil", "session_minutes", "daily_minutes", "flagged_before_break", "break_minutes",
    "support_url", "support_text",
)  # fmt: skip
# What is left empty is as the campaign has it by itself.
LOOP = ("round_hours", "learner", "strategy", "vectors", "test_share")
OPTIONAL = (*CARE, *LOOP, *launching.PROBES)
CONFIDENCE = {"name": "confidence", "instrument": "confidence"}


# What a new campaign is offered: clips on which people agree close early, and a few are repeated.
OFFERED = {"most_labels": 10, "repeat_every": 30}


class LaunchForm(forms.ModelForm, stage_fields.StageFields, group_fields.GroupFields):  # type: ignore[type-arg]
    """A campaign with the questions of a common design, or with the researcher's own."""

    design = forms.ChoiceField(
        label=gettext_lazy("Kind of question"),
        choices=starters.CHOICES,
        initial=starters.CHOICE,
        required=False,
    )
    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=500,
        initial=gettext_lazy("What does the person feel?"),
    )
    options = forms.CharField(
        label=gettext_lazy("Answers"),
        required=False,
        help_text=gettext_lazy(
            "2 to 12, one on each line. value = text gives a short name for the data."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "joy = Joy\nsadness = Sadness"}),
    )
    own = forms.CharField(
        label=gettext_lazy("Questions"),
        required=False,
        help_text=gettext_lazy("A list in YAML; docs/instruments.md has one for each kind."),
        widget=forms.Textarea(
            attrs={
                "rows": 10,
                "spellcheck": "false",
                "placeholder": "- name: emotion\n  instrument: distribution\n"
                "  prompt: What does the person feel?\n  preset: ekman",
            }
        ),
    )
    confidence = forms.BooleanField(
        label=gettext_lazy("Ask how sure they are, too"), required=False, initial=True
    )

    class Meta:
        model = Campaign
        fields = [
            "name",
            "collection",
            "purpose",
            "instructions",
            "audience",
            "redundancy",
            "most_labels",
            "audit_share",
            "lease_seconds",
            "round_every",
            "warm_up",
            *LOOP,
            *launching.PROBES,
            *stage_fields.NAMES,
            *group_fields.NAMES,
            *CARE,
        ]
        widgets = {
            "instructions": forms.Textarea(attrs={"rows": 4}),
            "redundancy": forms.NumberInput(attrs={"min": 1, "max": 100}),
            "most_labels": forms.NumberInput(attrs={"min": 1, "max": 100}),
            "audit_share": forms.NumberInput(attrs={"min": 0.05, "max": 1, "step": 0.05}),
            "lease_seconds": forms.NumberInput(attrs={"min": 30, "max": 86400}),
            "round_every": forms.NumberInput(attrs={"min": 0}),
            "round_hours": forms.NumberInput(attrs={"min": 0}),
            "warm_up": forms.NumberInput(attrs={"min": 0}),
            "test_share": forms.NumberInput(attrs={"min": 0, "max": 0.5, "step": 0.05}),
            **{name: forms.NumberInput(attrs={"min": 0}) for name in launching.PROBES},
            "session_minutes": forms.NumberInput(attrs={"min": 0}),
            "daily_minutes": forms.NumberInput(attrs={"min": 0}),
            "flagged_before_break": forms.NumberInput(attrs={"min": 0}),
            "break_minutes": forms.NumberInput(attrs={"min": 1, "max": 1440}),
        }
        help_texts = {
            "purpose": gettext_lazy("Only clips whose people allow it are shown."),
            "instructions": gettext_lazy("Shown to annotators before they begin and under Help."),
            "group_prompt": gettext_lazy(
                "Asked once, before the first clip, and voluntary: whether the readings of some "
                "groups count for less is measured by it."
            ),
            "redundancy": gettext_lazy("How many people label each clip."),
            "training_clips": gettext_lazy("Out of those that you mark to teach."),
            "entry_checks": gettext_lazy("Out of those that you mark to test."),
            "repeat_every": gettext_lazy("Without being told; shows who agrees with themselves."),
            "attention_every": gettext_lazy("“Choose Anger for this clip.” Panels ask for such."),
            "test_share": gettext_lazy(
                "Chosen by chance before the first round; the learner never sees them, "
                "from 0 to 0.5."
            ),
            "audit_share": gettext_lazy(
                "Picked by chance beside the learner's picks, from 0.05 to 1; figures come from it."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in OFFERED.items():
            self.fields[name].initial = value
        for name in OPTIONAL:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.refuse_half_a_question()
        if not {"design", "question", "options", "own"} <= set(data):
            return data
        self._check_vectors(data)
        design = data["design"] or starters.CHOICE
        try:
            data["questions"] = scheme.define(self._questions(design, data))
        except InvalidQuestion as error:
            field = {starters.CHOICE: "options", starters.OWN: "own"}.get(design, "question")
            self.add_error(field, said(error).removeprefix("options: "))
        else:
            collection = data.get("collection")
            if collection and (why := launching.not_askable(collection, data["questions"])):
                self.add_error("collection", why)
            self._check_probes(data)
        data["perspective"] = starters.perspective(design)
        return data

    def _check_vectors(self, data: dict[str, Any]) -> None:
        collection, name = data.get("collection"), data.get("vectors", "")
        if collection and (why := launching.no_such_vectors(collection, name)):
            self.add_error("vectors", why)

    def _check_probes(self, data: dict[str, Any]) -> None:
        """Refuse clips met again where that cannot be; what was merely offered is left out."""
        refusal = launching.not_met_again(data["questions"], data.get("stages") or ["blind"])
        for name in ("repeat_every", "attention_every"):
            if refusal and data.get(name) == OFFERED.get(name):
                data[name] = 0
            elif refusal and data.get(name):
                self.add_error(name, refusal)

    def care_has_errors(self) -> bool:
        return any(name in self.errors for name in CARE)

    def learning_has_errors(self) -> bool:
        names = ("audit_share", "lease_seconds", "round_every", "warm_up", *LOOP)
        return any(name in self.errors for name in names)

    def probes_have_errors(self) -> bool:
        return any(name in self.errors for name in launching.PROBES)

    def settings(self) -> dict[str, Any]:
        """Return the campaign's fields as `launching.create_campaign` takes them."""
        given = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        return {
            name: value
            for name, value in given.items()
            if name not in OPTIONAL or value not in (None, "")
        }

    def _questions(self, design: str, data: dict[str, Any]) -> Questions:
        if design == starters.OWN:
            return _own(data["own"])
        asked = (
            [_choice(data)]
            if design == starters.CHOICE
            else starters.questions(design, self._wording(data))
        )
        sure = {**CONFIDENCE, "prompt": _("How sure are you?")}
        return [*asked, sure] if data["confidence"] else asked

    def _wording(self, data: dict[str, Any]) -> str:
        """Return how the researcher words the question; a design has words of its own."""
        worded = str(data["question"])
        return "" if worded == str(self.fields["question"].initial) else worded


def _choice(data: dict[str, Any]) -> dict[str, Any]:
    lines = [line.strip() for line in data["options"].splitlines() if line.strip()]
    return {
        "name": "emotion",
        "instrument": "single-choice",
        "prompt": data["question"],
        "options": [_option(line) for line in lines],
    }


def _own(text: str) -> Questions:
    try:
        questions = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidQuestion("This is not YAML: {problem}", problem=str(error)) from error
    if not isinstance(questions, list) or not all(isinstance(q, dict) for q in questions):
        raise InvalidQuestion("Give a list of questions, each with name, instrument and prompt.")
    return questions


def _option(line: str) -> dict[str, str]:
    value, sign, text = line.partition("=")
    return {"value": value.strip(), "text": text.strip() if sign else value.strip()}


class FlagsForm(forms.Form):
    """Some of the flags, or of those that `bits` leaves."""

    flags = forms.MultipleChoiceField(
        label=gettext_lazy("Flags"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, bits: int = ALL, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["flags"].choices = flags.choices(bits)  # type: ignore[attr-defined]


class CollectionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Collection
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) and data else [data or None]
        kept = [super(FilesField, self).clean(file, initial) for file in files]
        names = [file.name for file in kept if file]
        if doubled := next((name for name in names if names.count(name) > 1), None):
            raise forms.ValidationError(
                _("Two files are called %(name)s. Give each a name of its own."),
                params={"name": doubled},
            )
        return kept


class UploadForm(forms.Form):
    """Clips, and a table that says who is in them."""

    clips = FilesField(
        label=gettext_lazy("Clips"), help_text=gettext_lazy("Pictures, sounds and films.")
    )
    manifest = forms.FileField(
        label=gettext_lazy("Manifest"),
        required=False,
        help_text=gettext_lazy(
            "A CSV with a column file, and if known external_id, participant, consent, evidence."
        ),
    )
    participant = forms.CharField(
        label=gettext_lazy("Who is in them"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "Without a manifest: the pseudonym of the one person in all of them."
        ),
    )


class GuestsForm(forms.Form):
    """How many annotators may come in by one link."""

    max_uses = forms.IntegerField(
        label=gettext_lazy("How many people may use it"), min_value=1, max_value=10_000, initial=20
    )
    expert = forms.BooleanField(label=gettext_lazy("They are experts"), required=False)
