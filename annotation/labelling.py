"""Stores what annotators send: labels and skips, each exactly once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from annotation import answers, care, scheme, serving
from annotation.answers import Answer, Result
from annotation.instruments.base import Shown
from annotation.models import STOPS, Assignment, Campaign, Label, Member, Population
from annotation.saying import said
from audit.log import Entry, record_many

States = Assignment.State
# A browser may stop a little before the end that the file speaks of.
ALMOST_SECONDS = 0.25


@dataclass(frozen=True)
class Exchange:
    """What became of the answers sent, and the assignments now in the annotator's hand."""

    results: list[Result]
    assignments: list[Assignment]
    member: Member


@transaction.atomic
def exchange(campaign: Campaign, annotator: User, sent: Sequence[Answer], want: int) -> Exchange:
    """Store the answers `sent` and lease up to `want` tasks, in one transaction."""
    member = serving.seat(campaign, annotator)
    results = _Submission(campaign, member, sent).store() if sent else []
    assignments = serving.lease(campaign, member, want) if want else []
    return Exchange(results, assignments, member)


def population(annotator: User) -> Population:
    """Return the population whose aggregate the annotator's labels belong to."""
    return Population.EXPERT if annotator.is_expert else Population.CROWD


class _Submission:
    """The answers of one request. The annotator's seat is locked: nobody else writes for them."""

    def __init__(self, campaign: Campaign, member: Member, sent: Sequence[Answer]) -> None:
        self.campaign = campaign
        self.member = member
        self.sent = sent
        self.now = timezone.now()
        self.labels: list[Label] = []
        self.closed: dict[str, list[Assignment]] = defaultdict(list)
        self.freed: list[int] = []
        self.advanced: list[Assignment] = []
        self.revealed: list[int] = []

    def store(self) -> list[Result]:
        self._load()
        results = [self._judge(answer) for answer in self.sent]
        self._write()
        return results

    def _load(self) -> None:
        client_ids = [answer.client_id for answer in self.sent]
        earlier = [answer.supersedes for answer in self.sent if answer.supersedes]
        mine = Label.objects.filter(
            annotator=self.member.user, client_id__in=client_ids + earlier
        ).select_related("superseded_by")
        self.known = {label.client_id: label for label in mine}
        named = Q(pk__in=[answer.assignment for answer in self.sent])
        closed = Q(closing_client_id__in=client_ids)
        found = list(
            Assignment.objects.filter(named | closed, annotator=self.member.user)
            .select_for_update(of=("self",), no_key=True)
            .select_related("task__clip")
        )
        here = [assignment for assignment in found if assignment.campaign_id == self.campaign.pk]
        self.assignments = {assignment.pk: assignment for assignment in here}
        self.ended = {one.closing_client_id: one for one in found if one.closing_client_id}

    def _judge(self, answer: Answer) -> Result:
        if answer.client_id in self.known or answer.client_id in self.ended:
            return self._repeat(answer)
        assignment = self.assignments.get(answer.assignment)
        if assignment is None:
            return answers.not_found(answer)
        if answer.supersedes:
            return self._revise(answer, assignment)
        if self._is_answered(assignment):
            return answers.answered_before(answer)
        return self._take(answer, assignment)

    def _take(self, answer: Answer, assignment: Assignment) -> Result:
        if not self._is_cleared(assignment):
            return self._refuse(answer, assignment)
        if assignment.flags and answer.playback.get("revealed"):
            self.revealed.append(assignment.pk)
        if flaws := answer.flaws():
            return answers.invalid(answer, flaws)
        return self._skip(answer, assignment) if answer.skip else self._label(answer, assignment)

    def _repeat(self, answer: Answer) -> Result:
        if label := self.known.get(answer.client_id):
            return _again(answer, label)
        return _ended_again(answer, self.ended[answer.client_id])

    def _is_answered(self, assignment: Assignment) -> bool:
        skipped = assignment.closing_client_id and assignment.state != States.WITHDRAWN
        if skipped or assignment.is_through:
            return True
        if assignment.state not in (States.EXPIRED, States.LABELLED):
            return False
        at_step = Label.objects.filter(assignment=assignment, step=assignment.step)
        return any(one.assignment_id == assignment.pk for one in self.labels) or at_step.exists()

    def _is_cleared(self, assignment: Assignment) -> bool:
        until = assignment.task.cleared_until
        return until is not None and until > self.now

    def _skip(self, answer: Answer, assignment: Assignment) -> Result:
        if assignment.state != States.LEASED and not self._still_stops(answer, assignment):
            return answers.late(answer)
        assignment.skip_reason = answer.skip
        # What was answered before the skip counts, and keeps its place.
        self._end(answer, assignment, States.LABELLED if assignment.step else States.SKIPPED)
        return answers.created(answer)

    def _still_stops(self, answer: Answer, assignment: Assignment) -> bool:
        """Whether the answer stops a clip for good though its lease is gone: it must not return."""
        mine = Assignment.objects.kept().filter(annotator=self.member.user)
        taken = {one.task_id for one in self.closed[States.SKIPPED]}
        return (
            answer.skip in STOPS
            and assignment.task_id not in taken
            and not mine.filter(task=assignment.task_id).exists()
        )

    def _refuse(self, answer: Answer, assignment: Assignment) -> Result:
        """Keep nothing of a clip that lost its consent; whoever worked on it is credited, once."""
        if not assignment.closing_client_id:
            # What was answered before has its place; nothing of this answer is kept.
            self._end(answer, assignment, States.LABELLED if assignment.step else States.WITHDRAWN)
        return answers.withdrawn(answer)

    def _end(self, answer: Answer, assignment: Assignment, state: str) -> None:
        assignment.closing_client_id = answer.client_id
        self.ended[answer.client_id] = assignment
        self._close(assignment, state)

    def _label(self, answer: Answer, assignment: Assignment) -> Result:
        if not _names_the_open_step(answer, assignment):
            return answers.not_open(answer, assignment.plan[assignment.step]["stage"])
        try:
            value = self._value(answer, assignment)
        except _Refused as refused:
            return refused.result
        label = self._row(answer, assignment, value, assignment.step)
        self._add(answer, label)
        if label.late:
            self._close(assignment, assignment.state_when_late)
            return answers.late(answer, label)
        self._advance(assignment)
        return answers.created(answer, label)

    def _value(self, answer: Answer, assignment: Assignment) -> dict[str, Any]:
        """Return the value as it is stored, or raise what is said back."""
        task = assignment.task
        must_see = self.campaign.full_view and task.n_clips == 1
        if must_see and not _is_seen(answer.playback, task.clip.duration):
            raise _Refused(answers.not_seen(answer))
        try:
            return scheme.clean(self.campaign.scheme.questions, answer.value, _shown(assignment))
        except scheme.InvalidValue as error:
            errors = {f"value.{name}": said(problem) for name, problem in error.errors.items()}
            raise _Refused(answers.invalid(answer, errors)) from error

    def _add(self, answer: Answer, label: Label) -> None:
        self.labels.append(label)
        self.known[answer.client_id] = label

    def _advance(self, assignment: Assignment) -> None:
        """Open the next step, which locks the one just answered; after the last, close."""
        assignment.step += 1
        if assignment.is_through:
            self._close(assignment, States.LABELLED)
            return
        seconds = timedelta(seconds=self.campaign.lease_seconds)
        assignment.lease_expires_at = self.now + seconds
        self.advanced.append(assignment)

    def _revise(self, answer: Answer, assignment: Assignment) -> Result:
        """Add a label in place of one's own that was stored a moment ago and is not locked."""
        old = self.known.get(answer.supersedes) if answer.supersedes else None
        if old is None or not self._may_change(old, answer, assignment):
            return answers.locked(answer)
        if flaws := answer.flaws():
            return answers.invalid(answer, flaws)
        try:
            value = self._value(answer, assignment)
        except _Refused as refused:
            return refused.result
        label = self._row(answer, assignment, value, old.step)
        label.late, label.supersedes = False, old
        self._add(answer, label)
        return answers.created(answer, label)

    def _may_change(self, old: Label, answer: Answer, assignment: Assignment) -> bool:
        """Whether an answer may still be changed: soon, once, and before more was shown."""
        superseded = hasattr(old, "superseded_by") or any(
            label.supersedes is old for label in self.labels
        )
        return (
            old.assignment_id == assignment.pk
            and not (old.late or superseded or answer.skip)
            and self.now - old.created_at <= timedelta(seconds=self.campaign.undo_seconds)
            and assignment.is_through
            and old.step == assignment.step - 1
            and self._is_cleared(assignment)
        )

    def _kept(self, assignment: Assignment, value: dict[str, Any], step: int) -> bool | None:
        """Return whether `value` says what the step before said; None at the first step."""
        if step == 0:
            return None
        before = Label.objects.filter(assignment=assignment, step=step - 1, superseded_by=None)
        return before.values_list("value", flat=True).first() == value

    def _row(
        self, answer: Answer, assignment: Assignment, value: dict[str, Any], step: int
    ) -> Label:
        shown = assignment.plan[step]
        extra = {name: shown[name] for name in ("layers", "suggestion") if shown.get(name)}
        return Label(
            campaign=self.campaign,
            task_id=assignment.task_id,
            annotator=self.member.user,
            assignment=assignment,
            scheme=self.campaign.scheme,
            client_id=answer.client_id,
            body_hash=answer.fingerprint(),
            value=value,
            perspective=self.campaign.scheme.perspective,
            population=population(self.member.user),
            stage=shown["stage"],
            step=step,
            kept=self._kept(assignment, value, step),
            position=assignment.position,
            options_order=assignment.options_order,
            shown=answer.shown | extra,
            playback=answer.playback,
            latency_ms=answer.latency_ms,
            active_ms=answer.active_ms,
            changes=answer.changes,
            reason=assignment.reason,
            probability=assignment.probability,
            late=not assignment.is_live(self.now),
            created_at=self.now,
        )

    def _close(self, assignment: Assignment, state: str) -> None:
        if assignment.state == States.LEASED and state != States.LABELLED:
            self.freed.append(assignment.task_id)
        assignment.state, assignment.closed_at = state, self.now
        self.closed[state].append(assignment)

    def _write(self) -> None:
        # A label has to be there before another can stand in its place.
        for wave in (False, True):
            rows = [label for label in self.labels if (label.supersedes is not None) is wave]
            Label.objects.bulk_create(rows)
        if self.advanced:
            Assignment.objects.bulk_update(self.advanced, ["step", "lease_expires_at"])
        for state, assignments in self.closed.items():
            ended = [one for one in assignments if one.closing_client_id]
            if ended:
                fields = ["state", "closed_at", "skip_reason", "closing_client_id"]
                Assignment.objects.bulk_update(ended, fields)
            self._end_labelled(state, [one for one in assignments if not one.closing_client_id])
        if self.revealed:
            Assignment.objects.filter(pk__in=self.revealed).update(revealed=True)
        if self.freed:
            serving.free_places(dict.fromkeys(self.freed, 1))
        self._count()
        record_many(self._events())
        stopped = [one for one in self.closed[States.SKIPPED] if one.skip_reason in STOPS]
        if stopped:
            care.notice_stops(stopped)

    def _end_labelled(self, state: str, assignments: list[Assignment]) -> None:
        for step in {assignment.step for assignment in assignments}:
            keys = [assignment.pk for assignment in assignments if assignment.step == step]
            Assignment.objects.filter(pk__in=keys).update(
                state=state, step=step, closed_at=self.now
            )

    def _count(self) -> None:
        # A clip is credited with its first answer, whatever becomes of the steps after it.
        first = [label for label in self.labels if not label.step and label.supersedes is None]
        skipped = len(self.closed[States.SKIPPED])
        labelled = len(first) + len(self.closed[States.WITHDRAWN])
        if labelled or skipped:
            self.member.labelled += labelled
            self.member.skipped += skipped
            Member.objects.filter(pk=self.member.pk).update(
                labelled=F("labelled") + labelled, skipped=F("skipped") + skipped
            )

    def _events(self) -> Iterable[Entry]:
        me = self.member.user
        for label in self.labels:
            verb = "label.revised" if label.supersedes else "label.created"
            yield Entry(me, verb, label, {"task": label.task_id, "late": label.late})
        for assignment in self.closed[States.SKIPPED]:
            yield Entry(me, "task.skipped", assignment, {"reason": assignment.skip_reason})
        for assignment in self.closed[States.WITHDRAWN]:
            yield Entry(me, "label.refused", assignment, {"reason": "consent"})


class _Refused(Exception):
    """The answer is not stored; `result` says why."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.detail)
        self.result = result


def _names_the_open_step(answer: Answer, assignment: Assignment) -> bool:
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


def _ended_again(answer: Answer, ended: Assignment) -> Result:
    if ended.pk != answer.assignment:
        return answers.conflict(answer)
    if ended.state == States.WITHDRAWN:
        return answers.withdrawn(answer)
    same = ended.skip_reason == answer.skip
    return answers.duplicate(answer) if same else answers.conflict(answer)


def _again(answer: Answer, label: Label) -> Result:
    if label.body_hash != answer.fingerprint():
        return answers.conflict(answer)
    return answers.late(answer, label) if label.late else answers.duplicate(answer, label)
