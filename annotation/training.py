"""What an annotator is told after a clip of their training: what others see in it, and why."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from annotation import scheme
from annotation.models import Campaign, Gold, Label, Probe

# From here on it is what most people see.
MOST = 0.5


def feedback(campaign: Campaign, label: Label | None) -> dict[str, Any] | None:
    """Return what is known of the clip beside what was said of it; None where it was no training.

    Nothing is told before the last step is answered, nor of a clip that lost its consent.
    There is no "wrong": a reading is how many see what, and a rarer one is told as one.
    """
    if label is None or label.probe != Probe.TRAINING:
        return None
    gold = Gold.objects.filter(task=label.task_id, task__in=campaign.tasks.cleared()).first()
    if gold is None or label.step < len(label.assignment.plan) - 1:
        return None
    questions = campaign.scheme.questions
    said = scheme.category_of(questions, label.value)
    shares = [
        {**option, "share": round(share, 4)}
        for option, share in zip(scheme.options(questions), gold.distribution, strict=True)
    ]
    mine = next((share for share in shares if share["value"] == str(said)), None)
    ranked = sorted(shares, key=lambda share: -share["share"])
    return {
        "said": mine,
        "shares": ranked,
        "summary": " ".join(_sentences(ranked[0], mine)),
        "explanation": gold.explanation,
    }


def _sentences(first: dict[str, Any], mine: dict[str, Any] | None) -> list[str]:
    """Say what most people see, and how many see the same as the annotator."""
    known = {"answer": first["text"], "percent": _percent(first)}
    if first["share"] > MOST:
        found = [_("Most people see “%(answer)s” in this clip (%(percent)d%%).") % known]
    else:
        found = [
            _("People see different things in this clip, most often “%(answer)s” (%(percent)d%%).")
            % known
        ]
    if mine is None:
        return found
    own = {"answer": mine["text"], "percent": _percent(mine)}
    if mine["share"] == first["share"]:
        return [*found, _("You saw “%(answer)s”, too.") % own]
    if own["percent"]:
        return [*found, _("%(percent)d%% see “%(answer)s”, as you did.") % own]
    return [*found, _("You saw “%(answer)s”, which is a rarer reading.") % own]


def _percent(reading: dict[str, Any]) -> int:
    return round(100 * float(reading["share"]))
