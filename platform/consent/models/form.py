"""What people are asked to agree to: a text in a version, and the purposes it offers."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a campaign may be for. Surveillance, marketing and the like are not on the list."""

    AFFECTIVE_SCIENCE = "research.noncommercial.affective_science", _("Research on emotion")
    METHOD_DEVELOPMENT = (
        "research.noncommercial.method_development",
        _("Research on methods, learners included"),
    )
    BENCHMARK = "research.noncommercial.benchmark", _("A public benchmark")
    TEACHING = "research.noncommercial.education_of_researchers", _("Training of researchers")
    COMMERCIAL = "research.commercial.method_development", _("Commercial development of methods")
    HEALTH = "health.research", _("Health research")
    ACCESSIBILITY = "accessibility", _("Accessibility")


def validate_purposes(value: Any) -> None:
    """Refuse anything but a list of known purposes, each named once, at least one."""
    if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
        raise ValidationError(_("Name at least one purpose, each once."))
    unknown = [purpose for purpose in value if purpose not in Purpose.values]
    if unknown:
        raise ValidationError(
            _("Unknown purpose %(purpose)s. Choose among: %(known)s."),
            params={"purpose": unknown[0], "known": ", ".join(Purpose.values)},
        )


class ConsentForm(models.Model):
    """One version of a form. What was signed never changes: a new text is a new version."""

    key = models.SlugField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=12, default="en")
    title = models.CharField(max_length=200)
    text = models.TextField()
    purposes = models.JSONField(validators=[validate_purposes])
    sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version", "language"], name="one_form_per_version_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise ValidationError(_("A consent form does not change: make a new version."))
        self.sha256 = self.fingerprint()
        super().save(*args, **kwargs)

    def fingerprint(self) -> str:
        """Return the SHA-256 of what the person reads and is offered."""
        read = [self.key, self.version, self.language, self.title, self.text, self.purposes]
        return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()
