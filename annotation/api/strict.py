"""Shapes that refuse what they do not know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class StrictMixin:
    """Refuses keys it does not know, with the ones it does."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}  # type: ignore[attr-defined]
            unknown = sorted(str(key) for key in data if key not in self.fields)  # type: ignore[attr-defined]
            if unknown:
                known = ", ".join(sorted(writable))
                error = _("There is no such key. Known keys: %(known)s.") % {"known": known}
                raise serializers.ValidationError({key: [error] for key in unknown})
        return super().to_internal_value(data)  # type: ignore[misc]
