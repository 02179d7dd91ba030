"""What one request changes: gathered while its answers are judged, written together at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from annotation import care, releasing
from annotation.answers import Answer
from annotation.models import STOPS, Assignment, Campaign, Label, Member, Population, Probe
from audit.log import Entry, record_many
from jobs.queue import enqueue

States = Assignment.State
# Probes whose answers somebody's attention is judged by; training is none.
LOOKED_AT = (Probe.GOLD, Probe.ATTENTION, Probe.REPEAT)


def population(annotator: User) -> Population:
    """Return the population whose aggregate the annotator's labels belong to."""
    return Population.EXPERT if annotator.is_expert else Population.CROWD


class Changes:
    """New labels, assignments that end or go on, and places that become free."""

    def __init__(self, campaign: Campaign, member: Member, now: datetime) -> None:
        self.campaign = campaign
        self.member = member
        self.now = now
        self.labels: list[Label] = []
        self.closed: dict[str, list[Assignment]] = defaultdict(list)
        self.freed: list[int] = []
        self.advanced: list[Assignment] = []
        self.revealed: list[int] = []

    def end(self, answer: Answer, assignment: Assignment, state: str) -> None:
        """Close an assignment by an answer that is no label."""
        assignment.closing_client_id = answer.client_id
        self.close(assignment, state)

    def advance(self, assignment: Assignment) -> None:
        """Open the next step, which locks the one just answered; after the last, close."""
        assignment.step += 1
        if assignment.is_through:
            self.close(assignment, States.LABELLED)
            return
        seconds = timedelta(seconds=self.campaign.lease_seconds)
        assignment.lease_expires_at = self.now + seconds
        self.advanced.append(assignment)

    def close(self, assignment: Assignment, state: str) -> None:
        gives_back = state != States.LABELLED and not assignment.probe
        if assignment.state == States.LEASED and gives_back:
            self.freed.append(assignment.task_id)
        assignment.state, assignment.closed_at = state, self.now
        self.closed[state].append(assignment)

    def label(
        self, answer: Answer, assignment: Assignment, value: dict[str, Any], step: int
    ) -> Label:
        """Return a new label, which will be written."""
        shown = assignment.plan[step]
        extra = {name: shown[name] for name in ("layers", "suggestion") if shown.get(name)}
        label = Label(
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
            probe=assignment.probe,
            reason=assignment.reason,
            probability=assignment.probability,
            late=not assignment.is_live(self.now),
            created_at=self.now,
        )
        self.labels.append(label)
        return label

    def _kept(self, assignment: Assignment, value: dict[str, Any], step: int) -> bool | None:
        """Return whether `value` says what the step before said; None at the first step."""
        if step == 0:
            return None
        before = Label.objects.filter(assignment=assignment, step=step - 1, superseded_by=None)
        return before.values_list("value", flat=True).first() == value

    def write(self) -> None:
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
            releasing.free_places(dict.fromkeys(self.freed, 1))
        self._count()
        record_many(self._events())
        stopped = [one for one in self.closed[States.SKIPPED] if one.skip_reason in STOPS]
        if stopped:
            care.notice_stops(stopped)
        self._ask_for_a_look()

    def _ask_for_a_look(self) -> None:
        if any(label.probe in LOOKED_AT for label in self.labels):
            campaign, who = self.campaign.pk, self.member.user_id
            key = f"quality:{campaign}:{who}"
            enqueue("quality", key=key, campaign=campaign, annotator=who)

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
            # Who skips a check was not tested by it, nor taught by a lesson: another one comes.
            probes = [one.probe for one in self.closed[States.SKIPPED]]
            self.member.tested -= probes.count(Probe.GOLD)
            self.member.trained -= probes.count(Probe.TRAINING)
            self.member.save(update_fields=["labelled", "skipped", "tested", "trained"])

    def _events(self) -> Iterable[Entry]:
        me = self.member.user
        for label in self.labels:
            verb = "label.revised" if label.supersedes else "label.created"
            yield Entry(me, verb, label, {"task": label.task_id, "late": label.late})
        for assignment in self.closed[States.SKIPPED]:
            yield Entry(me, "task.skipped", assignment, {"reason": assignment.skip_reason})
        for assignment in self.closed[States.WITHDRAWN]:
            yield Entry(me, "label.refused", assignment, {"reason": "consent"})
