"""Gives the queue its order: what is begun, the batch, and the rest by chance."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from active_learning.computing import Outcome, Report
from active_learning.snapshots import Snapshot
from annotation import scheme
from annotation.models import Campaign, Reason, Task
from annotation.staging import ASSISTED

BATCH = 500
# So many suggestions are stored at once: for tens of milliseconds nobody else can write.
SUGGESTED = 2000
SUGGEST = f"UPDATE {Task._meta.db_table} SET suggestion = %s WHERE id = %s"  # noqa: S608
# Priorities: what is begun from 2 to 3, the batch from 1 to 2, the rest below 1.
BEGUN, CHOSEN = 2.0, 1.0
DIGITS = 4
# Clips of the test beside a batch, as a share of its size, until all have been asked about.
TEST_SHARE = 0.1


class Place(NamedTuple):
    """A task's place; without a reason it keeps the reason and probability of its own draw."""

    task: int
    priority: float
    reason: str = ""
    probability: float | None = None


def places(snapshot: Snapshot, outcome: Outcome) -> list[Place]:
    """Return the places of all that does not lie in the rest, the most wanted first."""
    begun = [row.task for row in snapshot.pool if row.begun]
    front = [Place(task, _step(BEGUN, i, len(begun))) for i, task in enumerate(begun)]
    picks = [*_drawn(outcome), *_to_judge_by(snapshot, outcome)]
    order = interleaved([reason for _, reason, _ in picks])
    chosen = []
    for position, pick in enumerate(order):
        task, reason, probability = picks[pick]
        chosen.append(Place(task, _step(CHOSEN, position, len(order)), reason, probability))
    return front + chosen


def _drawn(outcome: Outcome) -> list[tuple[int, str, float]]:
    batch = outcome.batch
    picks = zip(batch.indices, batch.reasons, batch.probabilities, strict=True)
    return [(outcome.tasks[row], str(reason), float(q)) for row, reason, q in picks]


def _to_judge_by(snapshot: Snapshot, outcome: Outcome) -> list[tuple[int, str, float]]:
    """The next clips of the test, in random order; beside the batch, as nothing chooses them."""
    drawn = {outcome.tasks[row] for row in outcome.batch.indices}
    waiting = [
        row.task
        for row in snapshot.pool
        if row.test and row.information is None and not row.begun and row.task not in drawn
    ]
    count = min(len(waiting), math.ceil(TEST_SHARE * snapshot.batch_size))
    taken = random.Random(snapshot.seed).sample(waiting, count)  # noqa: S311 - an order, no secret
    return [(task, Reason.TEST, 1 / (len(waiting) - at)) for at, task in enumerate(taken)]


def interleaved(reasons: Sequence[str]) -> list[int]:
    """Return an order in which every beginning holds the reasons in the shares of the whole.

    Within a reason the order of the draw stays. The next round may come at any time: whatever
    is labelled by then has its share of audit.

    >>> interleaved(["audit", "informative", "informative", "informative"])
    [1, 0, 2, 3]
    """
    totals = {reason: reasons.count(reason) for reason in set(reasons)}
    seen = dict.fromkeys(totals, 0)
    due: list[tuple[float, int]] = []
    for pick, reason in enumerate(reasons):
        due.append(((seen[reason] + 0.5) / totals[reason], pick))
        seen[reason] += 1
    return [pick for _, pick in sorted(due)]


def write(campaign: Campaign, wanted: Sequence[Place], seed: int) -> int:
    """Put the order in force and return how many places were given; called in a transaction.

    Only tasks that want labels and whose people consent, now, get a place. What had a place and
    lost it goes back among the rest, whose order is random.
    """
    place_of = {place.task: place for place in wanted}
    locked = _locked(campaign, place_of)
    given = [place_of[task] for task, _, is_cleared in locked if is_cleared and task in place_of]
    _demote([task for task, priority, _ in locked if priority >= CHOSEN], given, seed)
    _rest(campaign, given)
    _give(given)
    return len(given)


def suggest(campaign: Campaign, outcome: Outcome, report: Report) -> None:
    """Keep with each task what the learner would say, for the stage that shows it.

    A few tasks at a time, each time in a transaction of its own: whoever labels need not wait.
    """
    is_cold = Reason.COLD_START in outcome.batch.reasons.tolist()
    if ASSISTED not in campaign.stages or is_cold or not len(outcome.predictions):
        return
    options = scheme.categories(campaign.scheme.questions)
    for start in range(0, len(outcome.tasks), SUGGESTED):
        report(start / len(outcome.tasks), f"suggestion {start} of {len(outcome.tasks)}")
        some = slice(start, start + SUGGESTED)
        said = [
            dict(zip(options, map(_rounded, row), strict=True))
            for row in outcome.predictions[some].tolist()
        ]
        _keep(dict(zip(outcome.tasks[some], said, strict=True)))


@transaction.atomic
def _keep(suggestions: dict[int, dict[str, float]]) -> None:
    """Store suggestions by task, where the task wants labels and its people consent, now."""
    wanting = Task.objects.cleared().wanting_labels().filter(pk__in=suggestions)
    tasks = wanting.order_by("pk").select_for_update().values_list("pk", flat=True)
    rows = [(json.dumps(suggestions[task]), task) for task in tasks]
    # The ORM takes ten times as long to put so many values into one statement.
    with connection.cursor() as cursor:
        cursor.executemany(SUGGEST, rows)


def _rounded(share: float) -> float:
    return round(share, DIGITS)


def _step(base: float, position: int, count: int) -> float:
    return base + (count - position) / (count + 1)


def _locked(campaign: Campaign, place_of: dict[int, Place]) -> list[tuple[int, float, bool]]:
    """Lock what may change, in the order in which everybody locks tasks.

    Returns:
        What has or gets a place: (task, priority, whether its people consent now).
    """
    changing = Q(pk__in=place_of) | Q(priority__gte=CHOSEN) | ~Q(reason=Reason.REST)
    tasks = campaign.tasks.wanting_labels().filter(changing).order_by("pk").select_for_update()
    now = timezone.now()
    return [
        (task, priority, cleared_until is not None and cleared_until > now)
        for task, priority, cleared_until in tasks.values_list(
            "pk", "priority", "cleared_until"
        ).iterator()
        if priority >= CHOSEN or task in place_of
    ]


def _demote(placed_before: list[int], given: list[Place], seed: int) -> None:
    """Send back among the rest, to a random place, what was wanted and is no more."""
    kept = {place.task for place in given}
    gone = [task for task in placed_before if task not in kept]
    chance = random.Random(seed)  # noqa: S311 - an order, no secret
    tasks = [Task(pk=task, priority=chance.random()) for task in gone]
    Task.objects.bulk_update(tasks, ["priority"], batch_size=BATCH)


def _rest(campaign: Campaign, given: list[Place]) -> None:
    """Say of all other tasks that no draw chose them; each is as likely as any to come next."""
    others = campaign.tasks.wanting_labels().exclude(pk__in=[place.task for place in given])
    count = others.count()
    if count:
        others.exclude(reason=Reason.REST).update(reason=Reason.REST, probability=1 / count)


def _give(given: list[Place]) -> None:
    chosen = [
        Task(pk=p.task, priority=p.priority, reason=p.reason, probability=p.probability)
        for p in given
        if p.reason
    ]
    begun = [Task(pk=p.task, priority=p.priority) for p in given if not p.reason]
    fields = ["priority", "reason", "probability"]
    Task.objects.bulk_update(chosen, fields, batch_size=BATCH)
    Task.objects.bulk_update(begun, ["priority"], batch_size=BATCH)
