"""The indexed column by which rows pass the consent gate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.utils import timezone

from consent.models.participant import Participant

Row = TypeVar("Row", bound="Gated")


class GatedQuerySet(models.QuerySet[Row]):
    def cleared(self, at: datetime | None = None) -> Self:
        """Rows that everybody in them allows, now, for the purpose they are used for."""
        return self.filter(cleared_until__gt=at or timezone.now())


class Gated(models.Model):
    """A row that shows people and is used for a purpose.

    `cleared_until` is the moment until which everyone in it has an approved consent for that
    purpose; without it the row leaves for nobody. Only `consent.gate` writes it.
    """

    cleared_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def showing(cls, participants: Iterable[Participant]) -> models.QuerySet[Any]:
        """Return the rows in which any of `participants` is seen or heard."""
        raise NotImplementedError

    @classmethod
    def people_and_purpose(
        cls, rows: models.QuerySet[Any]
    ) -> Iterable[tuple[int, frozenset[int], str]]:
        """Yield, for each row, its key, the keys of the people in it and the purpose."""
        raise NotImplementedError
