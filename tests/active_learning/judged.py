"""Rounds that are done, with figures of every kind."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from active_learning.models import Round, RoundState, Step, Trigger
from annotation.models import Campaign

EVIDENCE = {"confidence": 0.9, "n": 180, "right": 0.99, "low": 0.96}


def figure(value: float, n: int = 180, width: float = 0.1) -> dict[str, Any]:
    return {"value": value, "low": value - width / 2, "high": value + width / 2, "n": n}


def figures(accuracy: float, n: int = 180) -> dict[str, Any]:
    return {
        "accuracy": figure(accuracy, n),
        "soft_accuracy": figure(accuracy - 0.08, n),
        "log_loss": figure(1.9 - 1.3 * accuracy, n),
        "brier": figure(0.9 - 0.7 * accuracy, n),
        "calibration_error": figure(0.06, n, 0.04),
        "base_rate_accuracy": figure(0.34, n),
    }


def part(by: str, name: str, accuracy: float | None, n: int, persons: int) -> dict[str, Any]:
    told = {"by": by, "name": name, "n": n, "n_persons": persons, "too_few": accuracy is None}
    nothing = {"value": None, "low": None, "high": None, "n": n}
    for metric in ("accuracy", "log_loss", "calibration_error"):
        told[metric] = nothing if accuracy is None else figure(accuracy, n)
    return told


def metrics(accuracy: float = 0.62) -> dict[str, Any]:
    bins = [
        {"from": i / 10, "to": (i + 1) / 10, "n": 12 * i, "confidence": i / 10 + 0.05,
         "share": i / 10 - 0.02, "low": i / 10 - 0.12, "high": i / 10 + 0.07}
        for i in range(3, 10)
    ]  # fmt: skip
    nothing = {"n": 0, "confidence": None, "share": None, "low": None, "high": None}
    empty = [{"from": i / 10, "to": (i + 1) / 10, **nothing} for i in range(3)]
    return {
        **figures(accuracy),
        "debiased_calibration_error": {"value": 0.03, "low": None, "high": None, "n": 180},
        "test": figures(accuracy - 0.03, 90),
        "test_why": "",
        "foretold": {"accuracy": figure(accuracy - 0.05, 34, 0.3), "since": 1},
        "lure": {"accuracy": figure(accuracy - 0.02, 70, 0.2)},
        "control": {
            "n_clips": 110,
            "n_labels": 330,
            "random": figure(accuracy - 0.09, 90),
            "active": figure(accuracy - 0.05, 90),
            "difference": figure(0.04, 90, 0.06),
        },
        "calibration": empty + bins,
        "slices": [
            part("sex", "female", accuracy + 0.03, 100, 9),
            part("sex", "male", accuracy - 0.04, 80, 8),
            part("age", "60+", None, 12, 2),
            part("age", "18-29", accuracy, 168, 15),
            part("ambiguity", "clear", accuracy + 0.1, 110, 16),
            part("ambiguity", "ambiguous", accuracy - 0.2, 70, 15),
        ],
        "n_training": 290,
        "held_out_by": "person",
        "cold_start": "",
        "unreadable": [],
    }


def make_judged_round(campaign: Campaign, number: int = 1, **fields: Any) -> Round:
    """Make a finished round; its figures are those of `metrics` unless given."""
    fields.setdefault("metrics", metrics())
    return Round.objects.create(
        campaign=campaign,
        number=number,
        seed=number,
        state=fields.pop("state", RoundState.DONE),
        step=Step.DONE,
        trigger=Trigger.LABELS,
        n_labels=fields.pop("n_labels", 300 * number),
        learner="campaign/round.skops",
        learner_sha256="ab" * 32,
        output_sha256="cd" * 32,
        finished_at=timezone.now(),
        manifest={
            "purpose": campaign.purpose,
            "classes": ["joy", "anger"],
            "extractors": {"image": "image-3"},
            "learner": "logistic-4",
            "snapshot": {"sha256": "ef" * 32},
            "consensus": {"sha256": "01" * 32},
            "versions": {"numpy": "2.0.0"},
            "n_training": 290,
            "n_held_out": 90,
            "n_test": 90,
        },
        **fields,
    )
