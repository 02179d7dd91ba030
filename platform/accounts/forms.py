"""What people type about themselves, their tokens and their guests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User


class NewcomerForm(forms.Form):
    """Name, e-mail and password of somebody who follows an invitation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Shown to the researchers you work with. A nickname will do."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters. Four unrelated words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(
                _("This address has an account. Sign in first, then open the invitation again.")
            )
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        password = data.get("password")
        if password:
            person = User(email=data.get("email", ""), name=data.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class TokenForm(forms.Form):
    """What a new token is for, and how long it lasts."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=80, help_text=_("For example: upload script.")
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        initial=90,
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
    )


class InvitationForm(forms.Form):
    """Who may come in by a link, how many of them, and until when."""

    role = forms.ChoiceField(label=_("They come as"))
    max_uses = forms.IntegerField(
        label=_("How many people may use it"), min_value=1, max_value=10_000, initial=1
    )
    days = forms.IntegerField(
        label=_("Days until it closes"), min_value=1, max_value=90, initial=14
    )

    def __init__(self, *args: Any, inviter: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = Role.choices if inviter.is_administrator else GUEST_ROLES
        self.fields["role"] = forms.ChoiceField(label=_("They come as"), choices=roles)


# A researcher lets annotators in; whoever decides on consent or launches, an administrator does.
GUEST_ROLES = [(role.value, role.label) for role in (Role.ANNOTATOR, Role.EXPERT)]
