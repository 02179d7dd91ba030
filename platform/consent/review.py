"""Decides on consents: approve, reject, withdraw. What is decided counts from that commit on."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import record
from consent import gate
from consent.models import Consent, State
from jobs.queue import enqueue
from jobs.registry import LONGEST_SECONDS

# The job that removes what was computed from clips.
FORGETTING = "forgetting"
LONGEST_WORK = timedelta(seconds=LONGEST_SECONDS) + timedelta(minutes=5)


class DecisionError(Exception):
    """The consent cannot be decided like that; the message says why."""


def approve(consent: Consent, reviewer: User | None, reason: str = "") -> None:
    """Let the clips of the participant be used for the purposes of the consent."""
    if consent.expires_at <= timezone.now():
        raise DecisionError(_("This consent has run out. Ask the person for a new one."))
    _decide(consent, reviewer, State.APPROVED, {State.PENDING}, reason)


def reject(consent: Consent, reviewer: User | None, reason: str) -> None:
    """Refuse a consent; the reason is kept and shown."""
    if not reason.strip():
        raise DecisionError(_("A rejection needs a reason: say what is missing."))
    _decide(consent, reviewer, State.REJECTED, {State.PENDING}, reason)


@transaction.atomic
def withdraw(consent: Consent, actor: User | None, reason: str = "") -> None:
    """Take a consent back: nothing it allowed is shown from this commit on.

    What was computed from it is removed soon, and once more when nobody can be at work any more
    who had begun before.
    """
    _decide(consent, actor, State.WITHDRAWN, {State.PENDING, State.APPROVED}, reason)
    for when, delay in {"now": timedelta(0), "later": LONGEST_WORK}.items():
        key = f"{FORGETTING}:{consent.pk}:{when}"
        enqueue(FORGETTING, key=key, delay=delay, consent=consent.pk)


@transaction.atomic
def _decide(
    consent: Consent, actor: User | None, state: State, allowed: set[State], reason: str
) -> None:
    changed = Consent.objects.filter(pk=consent.pk, state__in=allowed).update(
        state=state, decided_by=actor, decided_at=timezone.now(), reason=reason.strip()
    )
    consent.refresh_from_db()
    if not changed:
        raise DecisionError(
            _("This consent was decided already: it is %(state)s.")
            % {"state": consent.get_state_display().lower()}
        )
    gate.refresh_participants([consent.participant])
    record(actor, f"consent.{state}", consent, reason=consent.reason)
