"""The question about annotators themselves: as it is set up and answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation import grouping
from annotation.grouping import NOT_SAID
from annotation.instruments import InvalidQuestion
from annotation.models import Campaign, Member
from annotation.saying import said

NAMES = ("group_prompt", "group_options")


class GroupFields(forms.Form):
    """The part of the launch form that asks annotators something about themselves."""

    group_options = forms.CharField(
        label=gettext_lazy("What they may choose"),
        required=False,
        help_text=gettext_lazy(
            "2 to 12, one on each line. value = text gives a short name for the data. "
            "That one would rather not say is always offered."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_group_options(self) -> list[dict[str, str]]:
        lines = self.cleaned_data["group_options"].splitlines()
        try:
            return grouping.checked([_option(line) for line in lines if line.strip()])
        except InvalidQuestion as error:
            raise forms.ValidationError(said(error).removeprefix("group_options: ")) from error

    def refuse_half_a_question(self) -> None:
        if set(NAMES) <= set(self.cleaned_data):
            given = (self.cleaned_data[name] for name in NAMES)
            for field, problem in grouping.incomplete(*given).items():
                self.add_error(field, problem)


def _option(line: str) -> dict[str, str]:
    value, sign, text = line.partition("=")
    return {"value": value.strip(), "text": text.strip() if sign else value.strip()}


class GroupForm(forms.Form):
    """One answer out of the campaign's, or none; nothing is chosen beforehand."""

    group = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, campaign: Campaign, member: Member | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        # Several of these stand on one page, each about another campaign.
        self.auto_id = f"id_%s_{campaign.pk}"
        offered = [(o["value"], o["text"]) for o in campaign.group_options]
        choices = [*offered, (NOT_SAID, _("Rather not say"))]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]
        self.fields["group"].initial = member.group or None if member else None
