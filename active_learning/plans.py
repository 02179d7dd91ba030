"""Plans: a question stored with the job that answers it, and the answer.

Nothing here loads the simulator: the web process asks, a worker answers.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from active_learning.models import Plan
from annotation.models import Campaign, Collection
from jobs.queue import enqueue

KIND = "plan"


class PlanFailedError(Exception):
    """The question cannot be answered; the message says what would help."""


@transaction.atomic
def ask(
    question: dict[str, Any], owner: User, collection: Collection | None, pilot: Campaign | None
) -> Plan:
    """Store a question, with the job that answers it."""
    plan = Plan.objects.create(owner=owner, collection=collection, pilot=pilot, question=question)
    plan.job = enqueue(KIND, key=f"{KIND}:{plan.pk}", plan=plan.pk)
    plan.save(update_fields=["job"])
    return plan


def store(plan: Plan, result: dict[str, Any]) -> None:
    """Store the answer: that of a second worker is the same, for it depends on the question."""
    Plan.objects.filter(pk=plan.pk).update(result=result)
