"""Stores what annotators send: labels and skips, each exactly once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from annotation import answers, scheme, serving
from annotation.answers import Answer, Result
from annotation.instruments.base import Shown
from annotation.models import Assignment, Campaign, Label, Member, Population
from audit.log import Entry, record_many

States = Assignment.State


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

    def store(self) -> list[Result]:
        self._load()
        results = [self._judge(answer) for answer in self.sent]
        self._write()
        return results

    def _load(self) -> None:
        client_ids = [answer.client_id for answer in self.sent]
        mine = Label.objects.filter(annotator=self.member.user, client_id__in=client_ids)
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
        if self._is_answered(assignment):
            return answers.answered_before(answer)
        if not self._is_cleared(assignment):
            return self._refuse(answer, assignment)
        if flaws := answer.flaws():
            return answers.invalid(answer, flaws)
        return self._skip(answer, assignment) if answer.skip else self._label(answer, assignment)

    def _repeat(self, answer: Answer) -> Result:
        if label := self.known.get(answer.client_id):
            return _again(answer, label)
        return _ended_again(answer, self.ended[answer.client_id])

    def _is_answered(self, assignment: Assignment) -> bool:
        if assignment.state in (States.LABELLED, States.SKIPPED):
            return True
        return assignment.state == States.EXPIRED and (
            any(label.assignment_id == assignment.pk for label in self.labels)
            or Label.objects.filter(assignment=assignment).exists()
        )

    def _is_cleared(self, assignment: Assignment) -> bool:
        until = assignment.task.cleared_until
        return until is not None and until > self.now

    def _skip(self, answer: Answer, assignment: Assignment) -> Result:
        if assignment.state != States.LEASED:
            return answers.late(answer)
        assignment.skip_reason = answer.skip
        self._end(answer, assignment, States.SKIPPED)
        return answers.created(answer)

    def _refuse(self, answer: Answer, assignment: Assignment) -> Result:
        """Keep nothing of a clip that lost its consent; whoever worked on it is credited, once."""
        if not assignment.closing_client_id:
            self._end(answer, assignment, States.WITHDRAWN)
        return answers.withdrawn(answer)

    def _end(self, answer: Answer, assignment: Assignment, state: str) -> None:
        assignment.closing_client_id = answer.client_id
        self.ended[answer.client_id] = assignment
        self._close(assignment, state)

    def _label(self, answer: Answer, assignment: Assignment) -> Result:
        try:
            value = scheme.clean(self.campaign.scheme.questions, answer.value, _shown(assignment))
        except scheme.InvalidValue as error:
            errors = {f"value.{name}": text for name, text in error.errors.items()}
            return answers.invalid(answer, errors)
        label = self._row(answer, assignment, value)
        self.labels.append(label)
        self.known[answer.client_id] = label
        self._close(assignment, States.EXPIRED if label.late else States.LABELLED)
        return answers.late(answer, label) if label.late else answers.created(answer, label)

    def _row(self, answer: Answer, assignment: Assignment, value: dict[str, Any]) -> Label:
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
            position=assignment.position,
            options_order=assignment.options_order,
            shown=answer.shown,
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
        Label.objects.bulk_create(self.labels)
        for state, assignments in self.closed.items():
            if state in (States.SKIPPED, States.WITHDRAWN):
                fields = ["state", "closed_at", "skip_reason", "closing_client_id"]
                Assignment.objects.bulk_update(assignments, fields)
            else:
                keys = [assignment.pk for assignment in assignments]
                Assignment.objects.filter(pk__in=keys).update(state=state, closed_at=self.now)
        if self.freed:
            serving.free_places(dict.fromkeys(self.freed, 1))
        self._count()
        record_many(self._events())

    def _count(self) -> None:
        skipped = len(self.closed[States.SKIPPED])
        labelled = sum(map(len, self.closed.values())) - skipped
        if labelled or skipped:
            self.member.labelled += labelled
            self.member.skipped += skipped
            Member.objects.filter(pk=self.member.pk).update(
                labelled=F("labelled") + labelled, skipped=F("skipped") + skipped
            )

    def _events(self) -> Iterable[Entry]:
        me = self.member.user
        for label in self.labels:
            yield Entry(me, "label.created", label, {"task": label.task_id, "late": label.late})
        for assignment in self.closed[States.SKIPPED]:
            yield Entry(me, "task.skipped", assignment, {"reason": assignment.skip_reason})
        for assignment in self.closed[States.WITHDRAWN]:
            yield Entry(me, "label.refused", assignment, {"reason": "consent"})


def _shown(assignment: Assignment) -> Shown:
    return Shown(assignment.task.clip.duration)


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
