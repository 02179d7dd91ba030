"""What an annotator is told of an alarm about their work, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from annotation import scheme
from annotation.models import Alarm, AlarmKind, Label, Probe

SENTENCES = {
    AlarmKind.GOLD: _(
        "%(answers)d of your answers were about clips of which it is known how people see them. "
        "Taken together, they follow these clips no more than answers given without looking."
    ),
    AlarmKind.ATTENTION: _(
        "%(answers)d clips told you which answer to choose. On %(failed)d of them, another one was "
        "chosen."
    ),
    AlarmKind.REPEATS: _(
        "%(answers)d clips were shown to you twice. You gave the same answer to %(same)d of them, "
        "which is fewer than with others who see the same clips."
    ),
    AlarmKind.PACE: _(
        "%(fast)d of %(n)d of your answers came faster than anybody can look at the clip."
    ),
    AlarmKind.SAME_ANSWER: _(
        "%(repeats)d times you gave the answer that you gave to the clip before, where the clips "
        "explain %(expected)s."
    ),
    AlarmKind.FATIGUE: _(
        "From your answer %(began)d on, the next %(since)d fit their clips much less than those "
        "before."
    ),
    AlarmKind.COLLUSION: _(
        "Your answers are the same as those of somebody else more often than the clips explain."
    ),
    AlarmKind.COPYING: _(
        "Your answers follow what the model suggests more closely than the clips explain."
    ),
}


@dataclass(frozen=True)
class Instruction:
    """An answer that was asked for, and the one that was chosen."""

    asked: str
    chosen: str


def sentence(alarm: Alarm) -> str:
    """Return what was noticed; the name of the kind where there is no sentence for it."""
    evidence: dict[str, Any] = alarm.evidence
    try:
        return str(SENTENCES[AlarmKind(alarm.kind)]) % evidence
    except (KeyError, TypeError, ValueError):
        return str(alarm.get_kind_display())


def instructions(alarm: Alarm) -> list[Instruction]:
    """Return the instructions that an alarm is about, but for clips without consent."""
    if alarm.kind != AlarmKind.ATTENTION:
        return []
    named = alarm.evidence.get("labels", [])
    questions = alarm.campaign.scheme.questions
    texts = {option["value"]: option["text"] for option in scheme.options(questions)}
    mine = Label.objects.consented().filter(
        pk__in=named, annotator=alarm.annotator_id, probe=Probe.ATTENTION
    )
    found = []
    for label in mine.select_related("assignment").order_by("pk"):
        asked, chosen = label.assignment.asked_for, str(scheme.category_of(questions, label.value))
        found.append(Instruction(texts.get(asked, asked), texts.get(chosen, chosen)))
    return found
