"""Plans: a question stored with the job that answers it, and the answer.

Nothing here loads the simulator: the web process asks, a worker answers.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from active_learning.models import Plan
from annotation.launching import NotPossibleError
from annotation.models import Campaign, Collection
from jobs.models import Job
from jobs.queue import enqueue

KIND = "plan"
# Where it is known from how far people agree, beside the published corpora.
PILOT, ALPHA = "pilot", "alpha"
# Simulations and rounds share their workers: nobody shall hold them up with simulations alone.
MOST_WAITING = 5
UNDER_WAY = [Job.State.READY, Job.State.RUNNING]


class PlanFailedError(Exception):
    """The question cannot be answered; the message says what would help."""


@transaction.atomic
def ask(
    question: dict[str, Any], owner: User, collection: Collection | None, pilot: Campaign | None
) -> Plan:
    """Store a question, with the job that answers it.

    Raises:
        NotPossibleError: as many of the owner's as may wait are waiting.
    """
    waiting = Plan.objects.filter(
        owner=owner, result__isnull=True, job__state__in=UNDER_WAY
    ).count()
    if waiting >= MOST_WAITING:
        raise NotPossibleError(
            _("%(n)d of your plans are not answered yet. Wait for one of them.") % {"n": waiting}
        )
    plan = Plan.objects.create(owner=owner, collection=collection, pilot=pilot, question=question)
    plan.job = enqueue(KIND, key=f"{KIND}:{plan.pk}", plan=plan.pk)
    plan.save(update_fields=["job"])
    return plan


def store(plan: Plan, result: dict[str, Any]) -> None:
    """Store the answer: that of a second worker is the same, for it depends on the question."""
    Plan.objects.filter(pk=plan.pk).update(result=result)
