"""What an alarm stands on, in words, for who has to decide about it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation import media_links, scheme
from annotation.models import Alarm, AlarmKind, Campaign, Gold, Label, Probe


def sentence(alarm: Alarm) -> str:
    """Say in a sentence what was seen; figures that are not known by name stand as they are."""
    told = SENTENCES.get(AlarmKind(alarm.kind))
    try:
        return told(alarm.evidence) if told else str(alarm.get_kind_display())
    except KeyError:
        # Figures of an earlier version.
        return str(alarm.get_kind_display())


def answers(alarm: Alarm, reader: int) -> list[dict[str, Any]]:
    """Return the answers that the alarm is about, with what is known of their clips."""
    campaign = alarm.campaign
    keys = alarm.evidence.get("labels", [])
    labels = Label.objects.consented().filter(pk__in=keys, campaign=campaign)
    rows = labels.select_related("task__clip", "assignment").order_by("pk")
    texts = {o["value"]: o["text"] for o in scheme.options(campaign.scheme.questions)}
    known = dict(
        Gold.objects.filter(task__in=labels.values("task")).values_list("task", "distribution")
    )
    return [
        {
            "clip": row.task.clip,
            "picture": _picture(row, reader),
            "said": _text(texts, scheme.category_of(campaign.scheme.questions, row.value)),
            "expected": _expected(row, campaign, known.get(row.task_id), texts),
        }
        for row in rows
    ]


def _text(texts: dict[str, str], value: Any) -> str:
    return texts.get(str(value), str(value))


def _expected(
    row: Label, campaign: Campaign, distribution: list[float] | None, texts: dict[str, str]
) -> str:
    """Say what was to be expected of the answer."""
    if row.probe == Probe.ATTENTION:
        return _text(texts, row.assignment.asked_for)
    if row.probe == Probe.REPEAT:
        first = Label.objects.standing().filter(task=row.task_id, annotator=row.annotator_id)
        value = first.filter(step=0).values_list("value", flat=True).first()
        return _text(texts, scheme.category_of(campaign.scheme.questions, value)) if value else ""
    if distribution is None:
        return ""
    pairs = sorted(zip(texts.values(), distribution, strict=True), key=lambda pair: -pair[1])
    return ", ".join(f"{text} {share:.0%}" for text, share in pairs[:3] if share > 0)


def _picture(row: Label, reader: int) -> str:
    clip = row.task.clip
    return media_links.poster_url(row.task_id, reader) if clip.poster else ""


def _gold(seen: dict[str, Any]) -> str:
    return _(
        "After %(n)d clips of known reading, the answers are far likelier to come from somebody "
        "who does not look at them than from somebody who does."
    ) % {"n": seen["tested"]}


def _attention(seen: dict[str, Any]) -> str:
    return ngettext(
        "%(failed)d of %(n)d instruction was not followed.",
        "%(failed)d of %(n)d instructions were not followed.",
        seen["answers"],
    ) % {"failed": seen["failed"], "n": seen["answers"]}


def _repeats(seen: dict[str, Any]) -> str:
    return _(
        "Of %(n)d clips met again, %(same)d got the same answer: fewer than two strangers agree on."
    ) % {"n": seen["answers"], "same": seen["same"]}


def _pace(seen: dict[str, Any]) -> str:
    return _("%(fast)d of %(n)d answers came faster than anybody can look at the clip.") % {
        "fast": seen["fast"],
        "n": seen["answers"],
    }


def _same_answer(seen: dict[str, Any]) -> str:
    return _(
        "%(repeats)d times the answer was that to the clip before, where the clips explain "
        "%(expected)s; the longest run is %(longest)d."
    ) % {"repeats": seen["repeats"], "expected": seen["expected"], "longest": seen["longest"]}


def _fatigue(seen: dict[str, Any]) -> str:
    return _(
        "From answer %(began)d on, the next %(since)d fit their clips much less than those before."
    ) % {"began": seen["began"], "since": seen["since"]}


def _collusion(seen: dict[str, Any]) -> str:
    return ngettext(
        "The answers are those of %(n)d other annotator far more often than the clips explain.",
        "The answers are those of %(n)d other annotators far more often than the clips explain.",
        len(seen["with"]),
    ) % {"n": len(seen["with"])}


def _copying(seen: dict[str, Any]) -> str:
    return _(
        "%(agreed)s of %(n)d answers are what the learner had foretold, where %(expected)s would "
        "be expected."
    ) % {
        "agreed": f"{seen['agreed']:.0%}",
        "expected": f"{seen['expected']:.0%}",
        "n": seen["answers"],
    }


SENTENCES = {
    AlarmKind.GOLD: _gold,
    AlarmKind.ATTENTION: _attention,
    AlarmKind.REPEATS: _repeats,
    AlarmKind.PACE: _pace,
    AlarmKind.SAME_ANSWER: _same_answer,
    AlarmKind.FATIGUE: _fatigue,
    AlarmKind.COLLUSION: _collusion,
    AlarmKind.COPYING: _copying,
}
