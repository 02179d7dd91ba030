"""Says in the reader's language what pure code refused in none."""

from __future__ import annotations

from django.utils.formats import get_format
from django.utils.translation import gettext

from annotation.refusals import Refusal


def said(refusal: Refusal) -> str:
    """Return the sentence in the language that is active, with the numbers as it writes them."""
    return refusal.worded(gettext, str(get_format("DECIMAL_SEPARATOR")))
