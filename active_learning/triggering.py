"""When a round is due, and asking for one; light enough for the web process."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from active_learning.models import RoundState, Trigger
from annotation import comparing, scheme
from annotation.launching import NotPossibleError
from annotation.models import Campaign, CampaignState
from audit.log import record
from jobs.models import Job
from jobs.queue import enqueue

KIND = "round"


def key(campaign: Campaign) -> str:
    """Return the name under which there is one waiting and one running round of a campaign."""
    return f"{KIND}:{campaign.pk}"


@transaction.atomic
def request(campaign: Campaign, actor: User) -> Job:
    """Ask for a round now, and return the job that will run it.

    Raises:
        NotPossibleError: the campaign has not started, or asks nothing that a learner learns.
    """
    if why := why_off(campaign):
        raise NotPossibleError(why)
    if campaign.state == CampaignState.DRAFT:
        raise NotPossibleError(_("Start the campaign first: a draft has no labels to learn from."))
    job = enqueue_round(campaign, Trigger.HAND)
    record(actor, "round.requested", campaign, job=job.pk)
    return job


def why_off(campaign: Campaign) -> str:
    """Say why no learner serves the campaign; nothing where one does."""
    if comparing.compares(campaign):
        return _(
            "This campaign compares clips. A learner chooses single clips by their category; "
            "here a design chooses the comparisons, and no round is run."
        )
    if not scheme.options(campaign.scheme.questions):
        return _(
            "No question of this campaign has categories, which is what a learner learns here; "
            "no round is run."
        )
    return ""


def enqueue_round(campaign: Campaign, trigger: Trigger) -> Job:
    return enqueue(KIND, key=key(campaign), campaign=campaign.pk, trigger=trigger)


def is_due(campaign: Campaign) -> bool:
    """Return whether enough labels came since the last round began, whatever became of it."""
    if not campaign.is_running or not campaign.round_every or why_off(campaign):
        return False
    last = campaign.rounds.order_by("-number").first()
    if last is not None and last.state == RoundState.RUNNING:
        return False
    seen = last.last_label_id if last else 0
    new = campaign.labels.standing().filter(pk__gt=seen, step=0)[: campaign.round_every]
    return new.count() >= campaign.round_every
