"""Writes down what participants allowed, as it is imported or given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import record
from consent.models import Consent, ConsentForm, Participant, Purpose, State

ATTESTATION = "dataset-attestation"
ATTESTATION_TEXT = """\
Whoever imports clips under this form attests that each participant was told what is recorded and
why, agreed of their own will to research on emotion and on methods with people who label the
clips, and may withdraw at any time; and that the signed consents are kept and can be shown.
"""
LIFETIME = timedelta(days=365)


class UnknownFormError(LookupError):
    """No consent form has this key, or this version."""


@dataclass(frozen=True)
class Grant:
    """What a participant allows, on which form, and until when."""

    form: ConsentForm
    purposes: Sequence[str]
    expires_at: datetime
    evidence: str = ""


def attestation_form() -> ConsentForm:
    """Return the form under which a data set's own consents are attested."""
    form, _created = ConsentForm.objects.get_or_create(
        key=ATTESTATION,
        version=1,
        language="en",
        defaults={
            "title": "Attestation of a data set's consents",
            "text": ATTESTATION_TEXT,
            "purposes": [Purpose.AFFECTIVE_SCIENCE, Purpose.METHOD_DEVELOPMENT],
        },
    )
    return form


def find_form(name: str) -> ConsentForm:
    """Return the form named `key` (its latest version) or `key@version`."""
    if name in ("", ATTESTATION):
        return attestation_form()
    key, _at, version = name.partition("@")
    forms = ConsentForm.objects.filter(key=key)
    if version:
        forms = forms.filter(version=version) if version.isdecimal() else forms.none()
    form = forms.order_by("version").last()
    if form is None:
        known = ", ".join(sorted(set(ConsentForm.objects.values_list("key", flat=True))))
        sentence = _("There is no consent form %(name)r. Known: %(known)s.")
        raise UnknownFormError(sentence % {"name": name, "known": known or "–"})
    return form


@transaction.atomic
def publish(
    key: str, title: str, text: str, purposes: list[str], language: str = "en"
) -> ConsentForm:
    """Publish the next version of a form."""
    earlier = ConsentForm.objects.select_for_update().filter(key=key, language=language)
    last = max((form.version for form in earlier), default=0)
    form = ConsentForm.objects.create(
        key=key, version=last + 1, language=language, title=title, text=text, purposes=purposes
    )
    record(None, "consent-form.published", form, sha256=form.sha256)
    return form


def was_refused(participant: Participant, form: ConsentForm) -> bool:
    """Return whether the participant withdrew, or was rejected, on this form."""
    refused = Consent.objects.filter(participant=participant, form=form)
    return refused.filter(state__in=[State.WITHDRAWN, State.REJECTED]).exists()


@transaction.atomic
def give(participant: Participant, grant: Grant, actor: User | None) -> Consent:
    """Return the participant's consent on this form, written down unless it is there."""
    purposes = sorted(grant.purposes)
    standing = Consent.objects.filter(
        participant=participant, form=grant.form, state__in=[State.PENDING, State.APPROVED]
    )
    for consent in standing:
        if sorted(consent.purposes) == purposes and consent.expires_at > timezone.now():
            return consent
    consent = Consent.objects.create(
        participant=participant,
        form=grant.form,
        form_sha256=grant.form.sha256,
        purposes=purposes,
        evidence=grant.evidence,
        expires_at=grant.expires_at,
    )
    record(actor, "consent.given", consent, purposes=purposes, form=grant.form.sha256)
    return consent
