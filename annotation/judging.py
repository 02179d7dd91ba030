"""Whether an answer may be stored, each question about one answer and its assignment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from annotation import answers, scheme
from annotation.answers import Answer, Result
from annotation.instruments.base import Shown
from annotation.models import Assignment, Campaign, Label, Probe
from annotation.saying import said

# A browser may stop a little before the end that the file speaks of.
ALMOST_SECONDS = 0.25
States = Assignment.State


def is_cleared(assignment: Assignment, now: datetime) -> bool:
    """Whether the consent for the clip still holds."""
    until = assignment.task.cleared_until
    return until is not None and until > now


class Refused(Exception):
    """The answer is not stored; `result` says why."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.detail)
        self.result = result


def stored_value(campaign: Campaign, answer: Answer, assignment: Assignment) -> dict[str, Any]:
    """Return the value as it is stored, or raise what is said back."""
    task = assignment.task
    must_see = campaign.full_view and task.n_clips == 1
    if must_see and not _is_seen(answer.playback, task.clip.duration):
        raise Refused(answers.not_seen(answer))
    try:
        return scheme.clean(campaign.scheme.questions, answer.value, _shown(assignment))
    except scheme.InvalidValue as error:
        errors = {f"value.{name}": said(problem) for name, problem in error.errors.items()}
        raise Refused(answers.invalid(answer, errors)) from error


def may_change(old: Label, answer: Answer, assignment: Assignment, now: datetime) -> bool:
    """Whether an answer may still be changed: soon, once, and before more was shown.

    After a clip of the training, what others see was shown.
    """
    soon = timedelta(seconds=assignment.campaign.undo_seconds)
    return (
        old.assignment_id == assignment.pk
        and old.probe != Probe.TRAINING
        and not (old.late or hasattr(old, "superseded_by") or answer.skip)
        and now - old.created_at <= soon
        and assignment.is_through
        and old.step == assignment.step - 1
        and is_cleared(assignment, now)
    )


def names_the_open_step(answer: Answer, assignment: Assignment) -> bool:
    """Whether the answer is to what is shown now. After the first step it has to say so.

    A second answer to the clip alone could otherwise be taken for one in context.
    """
    stage: str = assignment.plan[assignment.step]["stage"]
    if answer.step is not None and answer.step != assignment.step:
        return False
    if answer.stage:
        return answer.stage == stage
    return assignment.step == 0 or answer.step is not None


def _is_seen(playback: dict[str, Any], duration: float | None) -> bool:
    """Whether the record speaks of a full view. A script that keeps no record claims nothing."""
    if not duration or not playback or playback.get("ended") is True:
        return True
    seconds = playback.get("seconds")
    return isinstance(seconds, int | float) and seconds >= duration - ALMOST_SECONDS


def _shown(assignment: Assignment) -> Shown:
    return Shown(assignment.task.clip.duration, assignment.task.n_clips)


def ended_again(answer: Answer, ended: Assignment) -> Result:
    if ended.pk != answer.assignment:
        return answers.conflict(answer)
    if ended.state == States.WITHDRAWN:
        return answers.withdrawn(answer)
    same = ended.skip_reason == answer.skip
    return answers.duplicate(answer) if same else answers.conflict(answer)


def again(answer: Answer, label: Label) -> Result:
    if label.body_hash != answer.fingerprint():
        return answers.conflict(answer)
    return answers.late(answer, label) if label.late else answers.duplicate(answer, label)
