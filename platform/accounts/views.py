"""Pages about oneself and about people: invitations, tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import inviting
from accounts.forms import InvitationForm, NewcomerForm, TokenForm
from accounts.models import ApiToken, Invitation, Role, User
from accounts.models.invitation import InvitationQuerySet
from audit.log import record

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET_KEY = "shown-once"  # noqa: S105 - the name of a session entry


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show the person's own account and tokens; make a token."""
    user = cast("User", request.user)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, days = form.cleaned_data["name"], form.cleaned_data["days"]
        with transaction.atomic():
            token, secret = ApiToken.objects.issue(user, name, timedelta(days=days))
            record(user, "token.created", token, expires_at=token.expires_at.isoformat())
        request.session[SECRET_KEY] = secret
        return redirect("accounts:account")

    tokens = ApiToken.objects.filter(user=user, revoked_at=None).order_by("-pk")
    context = {
        "form": form,
        "tokens": tokens,
        "now": timezone.now(),
        "secret": _shown_once(request),
    }
    return render(request, "accounts/account.html", context)


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of the person's own tokens."""
    user = cast("User", request.user)
    token = get_object_or_404(ApiToken, pk=pk, user=user)
    with transaction.atomic():
        unrevoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
        if unrevoked.update(revoked_at=timezone.now()):
            record(user, "token.revoked", token)
    messages.success(request, _("The token is revoked. Scripts that use it are refused from now."))
    return redirect("accounts:account")


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Show the open invitations and, to administrators, everybody; make an invitation."""
    user = _inviter(request)
    form = InvitationForm(request.POST or None, inviter=user)
    if request.method == "POST" and form.is_valid():
        wish = form.cleaned_data
        _invitation, secret = inviting.invite(
            user, Role(wish["role"]), max_uses=wish["max_uses"], days=wish["days"]
        )
        address = reverse("accounts:invitation", args=[secret])
        request.session[SECRET_KEY] = request.build_absolute_uri(address)
        return redirect("accounts:people")

    context = {
        "form": form,
        "invitations": _invitations_of(user).open().select_related("creator").order_by("-pk"),
        "everybody": User.objects.order_by("role", "name", "email")
        if user.is_administrator
        else [],
        "secret": _shown_once(request),
    }
    return render(request, "accounts/people.html", context)


@login_required
@require_POST
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an invitation that is still open."""
    user = _inviter(request)
    inviting.revoke(get_object_or_404(_invitations_of(user), pk=pk), user)
    messages.success(request, _("The invitation is closed. Who came in by it stays."))
    return redirect("accounts:people")


def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Let somebody in who holds the secret of an invitation."""
    found = Invitation.objects.open().with_secret(secret).first()
    if found is None:
        return render(request, "accounts/invitation_closed.html", status=404)
    if request.user.is_authenticated:
        return _accept_as(request, found, request.user)
    form = NewcomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = inviting.welcome(found, inviting.Newcomer(**form.cleaned_data))
        except inviting.InvitationError as error:
            form.add_error(None, str(error))
        else:
            login(request, person, backend=BACKEND)
            return redirect(_onward(request))
    context = {"invitation": found, "form": form, "next": request.GET.get("next", "")}
    return render(request, "accounts/invitation.html", context)


def _accept_as(request: HttpRequest, found: Invitation, person: User) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/invitation_accept.html", {"invitation": found})
    try:
        inviting.accept(found, person)
    except inviting.InvitationError as error:
        messages.error(request, str(error))
    return redirect(_onward(request))


def _onward(request: HttpRequest) -> str:
    """Return where the link leads after the door, if that is on this site."""
    address = request.GET.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure())
    return address if safe else reverse("home")


def _inviter(request: HttpRequest) -> User:
    user = cast("User", request.user)
    if not user.is_researcher:
        raise PermissionDenied
    return user


def _invitations_of(user: User) -> InvitationQuerySet:
    every = Invitation.objects.all()
    return every if user.is_administrator else every.filter(creator=user)


def _shown_once(request: HttpRequest) -> str:
    secret: str = request.session.pop(SECRET_KEY, "")
    return secret
