"""What annotators are asked: the questions with their exact wording, in a version."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Perspective(models.TextChoices):
    """Whose state, seen by whom, the question is about. Aggregates never cross it."""

    FELT = "felt", _("Felt (self-report)")
    PERCEIVED = "perceived", _("Perceived (observer)")
    INTENDED = "intended", _("Intended (actor)")
    EVOKED = "evoked", _("Evoked (in the viewer)")
    WISH = "wish", _("Wish")


class LabelScheme(models.Model):
    """One version of a scheme. `questions` is a list of {name, instrument, prompt, ...}."""

    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    perspective = models.CharField(
        max_length=10, choices=Perspective.choices, default=Perspective.PERCEIVED
    )
    questions = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="scheme_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} (version {self.version})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise ValidationError(_("A label scheme does not change: make a new version."))
        super().save(*args, **kwargs)
