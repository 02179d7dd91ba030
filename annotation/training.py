"""What an annotator is told after a clip of their training: what others see in it, and why."""

from __future__ import annotations

from typing import Any

from annotation import scheme
from annotation.models import Campaign, Gold, Label, Probe


def feedback(campaign: Campaign, label: Label | None) -> dict[str, Any] | None:
    """Return what is known of the clip beside what was said of it; None where it was no training.

    There is no "wrong": a reading is how many see what, and a rarer one is told as one.
    """
    if label is None or label.probe != Probe.TRAINING:
        return None
    gold = Gold.objects.filter(task=label.task_id).first()
    if gold is None:
        return None
    questions = campaign.scheme.questions
    said = scheme.category_of(questions, label.value)
    shares = [
        {**option, "share": round(share, 4)}
        for option, share in zip(scheme.options(questions), gold.distribution, strict=True)
    ]
    return {
        "said": next((share for share in shares if share["value"] == str(said)), None),
        "shares": sorted(shares, key=lambda share: -share["share"]),
        "explanation": gold.explanation,
    }
