"""What a reviewer types: a decision and its reason."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[("approve", "approve"), ("reject", "reject"), ("withdraw", "withdraw")]
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("Needed to reject. It is kept with the record and in the log."),
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "r"}),
    )
