"""Stores what annotators send: labels and skips, each exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from annotation import answers, judging, serving
from annotation.answers import Answer, Result
from annotation.models import STOPS, Assignment, Campaign, Label, Member
from annotation.storing import Changes

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


class _Submission:
    """The answers of one request. The annotator's seat is locked: nobody else writes for them."""

    def __init__(self, campaign: Campaign, member: Member, sent: Sequence[Answer]) -> None:
        self.campaign = campaign
        self.member = member
        self.sent = sent
        self.now = timezone.now()
        self.changes = Changes(campaign, member, self.now)

    def store(self) -> list[Result]:
        self._load()
        results = [self._judge(answer) for answer in self.sent]
        self.changes.write()
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
        for assignment in here:
            assignment.campaign = self.campaign
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
        if not judging.is_cleared(assignment, self.now):
            return self._refuse(answer, assignment)
        if assignment.flags and answer.playback.get("revealed"):
            self.changes.revealed.append(assignment.pk)
        if flaws := answer.flaws():
            return answers.invalid(answer, flaws)
        return self._skip(answer, assignment) if answer.skip else self._label(answer, assignment)

    def _repeat(self, answer: Answer) -> Result:
        if label := self.known.get(answer.client_id):
            return judging.again(answer, label)
        return judging.ended_again(answer, self.ended[answer.client_id])

    def _is_answered(self, assignment: Assignment) -> bool:
        skipped = assignment.closing_client_id and assignment.state != States.WITHDRAWN
        if skipped or assignment.is_through:
            return True
        if assignment.state not in (States.EXPIRED, States.LABELLED):
            return False
        at_step = Label.objects.filter(assignment=assignment, step=assignment.step)
        return (
            any(one.assignment_id == assignment.pk for one in self.changes.labels)
            or at_step.exists()
        )

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
        taken = {one.task_id for one in self.changes.closed[States.SKIPPED]}
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
        self.ended[answer.client_id] = assignment
        self.changes.end(answer, assignment, state)

    def _label(self, answer: Answer, assignment: Assignment) -> Result:
        if not judging.names_the_open_step(answer, assignment):
            return answers.not_open(answer, assignment.plan[assignment.step]["stage"])
        try:
            value = judging.stored_value(self.campaign, answer, assignment)
        except judging.Refused as refused:
            return refused.result
        label = self._add(answer, assignment, value, assignment.step)
        if label.late:
            self.changes.close(assignment, assignment.state_when_late)
            return answers.late(answer, label)
        self.changes.advance(assignment)
        return answers.created(answer, label)

    def _revise(self, answer: Answer, assignment: Assignment) -> Result:
        """Add a label in place of one's own that was stored a moment ago and is not locked."""
        old = self.known.get(answer.supersedes) if answer.supersedes else None
        if old is None or not self._may_change(old, answer, assignment):
            return answers.locked(answer)
        if flaws := answer.flaws():
            return answers.invalid(answer, flaws)
        try:
            value = judging.stored_value(self.campaign, answer, assignment)
        except judging.Refused as refused:
            return refused.result
        label = self._add(answer, assignment, value, old.step)
        label.late, label.supersedes = False, old
        return answers.created(answer, label)

    def _may_change(self, old: Label, answer: Answer, assignment: Assignment) -> bool:
        replaced_now = any(label.supersedes is old for label in self.changes.labels)
        return not replaced_now and judging.may_change(old, answer, assignment, self.now)

    def _add(
        self, answer: Answer, assignment: Assignment, value: dict[str, Any], step: int
    ) -> Label:
        label = self.changes.label(answer, assignment, value, step)
        self.known[answer.client_id] = label
        return label
