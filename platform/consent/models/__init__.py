"""Who is in the clips, what they were asked, and what they allow."""

from consent.models.consent import Consent, State
from consent.models.form import ConsentForm, Purpose
from consent.models.gated import Gated, GatedQuerySet
from consent.models.participant import Participant

__all__ = [
    "Consent",
    "ConsentForm",
    "Gated",
    "GatedQuerySet",
    "Participant",
    "Purpose",
    "State",
]
