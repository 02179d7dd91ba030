"""A clip of a person, and the collection it came in."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation import flags
from annotation.staging import LAYERS
from consent.models import Participant


class Kind(models.TextChoices):
    IMAGE = "image", _("Image")
    AUDIO = "audio", _("Audio")
    VIDEO = "video", _("Video")


class Collection(models.Model):
    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="collections", null=True, blank=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Clip(models.Model):
    """One clip, normalised to what every browser plays; the original bytes are not kept."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="clips")
    external_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    participants = models.ManyToManyField(Participant, related_name="clips")
    sha256 = models.CharField(max_length=64)
    # File names below MEDIA_ROOT: random, so that knowing a clip does not find its file.
    media = models.CharField(max_length=200)
    poster = models.CharField(max_length=200, blank=True)
    mime = models.CharField(max_length=60)
    duration = models.FloatField(null=True, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    waveform = models.JSONField(default=list, blank=True)
    # What is known around the clip, by layer: before, after, setting, relationship, transcript.
    layers = models.JSONField(default=dict, blank=True)
    # The same person in a neutral moment.
    baseline = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="baseline_of"
    )
    attributes = models.JSONField(default=dict, blank=True)
    # Words of `annotation.flags`; only `annotation.care` changes them.
    flags = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "external_id"], name="external_id_once_in_a_collection"
            ),
            models.UniqueConstraint(
                fields=["collection", "sha256"], name="same_bytes_once_in_a_collection"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def layer_names(self) -> list[str]:
        """The layers of context that there are, in the order in which they are revealed."""
        known = set(self.layers) | ({"baseline"} if self.baseline_id else set())
        return [name for name in LAYERS if name in known]

    @property
    def flags_told(self) -> str:
        return flags.told(self.flags)

    @property
    def media_path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.media

    @property
    def poster_path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.poster


class ClipImport(models.Model):
    """One run of ingest and its report: what came in, what was refused and why."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="imports")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    source = models.CharField(max_length=300)
    options = models.JSONField(default=dict, blank=True)
    accepted = models.PositiveIntegerField(default=0)
    already_there = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"import {self.pk} into {self.collection}"
