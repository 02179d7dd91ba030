"""A round as JSON."""

from __future__ import annotations

from rest_framework import serializers

from active_learning.models import Round


class RoundSerializer(serializers.ModelSerializer[Round]):
    class Meta:
        model = Round
        fields = [
            "number",
            "state",
            "trigger",
            "step",
            "seed",
            "n_labels",
            "learner_sha256",
            "output_sha256",
            "metrics",
            "error",
            "started_at",
            "finished_at",
        ]
