"""The part of the launch form that says how a clip is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotation.api.stages import TITLES
from annotation.models import Campaign
from annotation.staging import LAYERS, PLANS

COURSE_TEXTS = (
    _("The clip alone"),
    _("The clip alone, then with context"),
    _("The clip alone, then with a suggestion"),
    _("The clip alone, then with context, then with a suggestion"),
)
NAMES = (
    "stages", "layers", "context_first_share", "never_suggested_share", "undo_seconds",
    "full_view", "captions",
)  # fmt: skip
SEPARATOR = ","


def usual(name: str) -> Any:
    """Return what a campaign has where nothing else is said."""
    return getattr(Campaign(), name)


class StageFields(forms.Form):
    """What is left empty is as usual."""

    stages = forms.ChoiceField(
        label=_("A clip is shown"),
        choices=[
            (SEPARATOR.join(course), text) for course, text in zip(PLANS, COURSE_TEXTS, strict=True)
        ],
        required=False,
        help_text=_("The blind answer is locked as soon as more is told."),
    )
    layers = forms.MultipleChoiceField(
        label=_("Context, one layer at a time"),
        choices=[(name, TITLES[name]) for name in LAYERS],
        initial=list(LAYERS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    context_first_share = forms.FloatField(
        label=_("Share that sees context first"),
        initial=0.2,
        min_value=0,
        max_value=1,
        required=False,
        help_text=_("Picked by chance; the effect of context is measured by them."),
        widget=forms.NumberInput(attrs={"step": 0.05}),
    )
    never_suggested_share = forms.FloatField(
        label=_("Share that never sees a suggestion"),
        initial=0.1,
        min_value=0,
        max_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"step": 0.05}),
    )
    undo_seconds = forms.IntegerField(
        label=_("Seconds in which an answer may be changed"),
        initial=60,
        min_value=0,
        max_value=3600,
        required=False,
        help_text=_("0: never"),
    )
    full_view = forms.BooleanField(
        label=_("Ask for the whole clip to be played"), initial=True, required=False
    )
    captions = forms.BooleanField(
        label=_("Offer captions from the start"),
        required=False,
        help_text=_("For access. What is said is context, too: the blind answer then knows it."),
    )

    def clean_stages(self) -> Any:
        given = self.cleaned_data["stages"]
        return given.split(SEPARATOR) if given else usual("stages")

    def clean_layers(self) -> Any:
        return self.cleaned_data["layers"] or usual("layers")

    def clean_context_first_share(self) -> Any:
        return self._given("context_first_share")

    def clean_never_suggested_share(self) -> Any:
        return self._given("never_suggested_share")

    def clean_undo_seconds(self) -> Any:
        return self._given("undo_seconds")

    def _given(self, name: str) -> Any:
        given = self.cleaned_data[name]
        return usual(name) if given is None else given
