"""What an assignment's document says of its stage: the context, the suggestion, what was said."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from annotation import staging, transcripts
from annotation.media_links import baseline_url, captions_url
from annotation.models import Assignment, Campaign, Clip

TITLES = {
    "before": gettext_lazy("What came before"),
    "after": gettext_lazy("What came after"),
    "setting": gettext_lazy("The setting"),
    "relationship": gettext_lazy("Who they are to each other"),
    "transcript": gettext_lazy("What is said"),
    "baseline": gettext_lazy("The same person, in a neutral moment"),
}


def describe(assignment: Assignment, campaign: Campaign) -> dict[str, Any]:
    """Return the keys of the document that depend on the step that is open."""
    plan = assignment.plan
    number = min(assignment.step, len(plan) - 1)
    step = plan[number]
    return {
        "stage": step["stage"],
        "step": number,
        "steps": len(plan),
        "context": _context(assignment, step) if step["layers"] else None,
        "suggestion": {"distribution": step["suggestion"]} if step.get("suggestion") else None,
        "previous": _previous(assignment) if number else None,
        "captions_url": _captions(assignment, campaign, step),
        "full_view": campaign.full_view,
        "undo_seconds": campaign.undo_seconds,
    }


def _context(assignment: Assignment, step: staging.Step) -> dict[str, Any]:
    clip = assignment.task.clip
    layers = [_layer(name, clip, assignment) for name in step["layers"]]
    return {"layers": [layer for layer in layers if layer], "latest": step["layers"][-1]}


def _layer(name: str, clip: Clip, assignment: Assignment) -> dict[str, Any] | None:
    shown: dict[str, Any] = {"name": name, "title": str(TITLES[name])}
    if name != "baseline":
        text = clip.layers.get(name, "")
        return shown | {"text": transcripts.plain(text) if name == "transcript" else text}
    baseline = clip.baseline
    if baseline is None or not assignment.campaign.may_show(baseline):
        return None
    address = baseline_url(assignment.task_id, assignment.annotator_id)
    return shown | {"media_url": address, "kind": baseline.kind, "mime": baseline.mime}


def _previous(assignment: Assignment) -> Any:
    said = assignment.labels.filter(superseded_by=None, step__lt=assignment.step)
    return said.order_by("-step", "-pk").values_list("value", flat=True).first()


def _captions(assignment: Assignment, campaign: Campaign, step: staging.Step) -> str | None:
    clip = assignment.task.clip
    told = campaign.captions or "transcript" in step["layers"]
    if not told or not clip.layers.get("transcript") or not clip.duration:
        return None
    return captions_url(assignment.task_id, assignment.annotator_id)
