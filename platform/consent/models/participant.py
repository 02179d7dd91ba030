"""The person who is seen or heard in a clip, known by a pseudonym only."""

from django.db import models
from django.utils import timezone


class Participant(models.Model):
    code = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
