"""When a round is due, and asking for one; light enough for the web process."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from active_learning.models import Round, RoundState, Trigger
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


def due(campaign: Campaign) -> Trigger | None:
    """Return why a round is due: enough labels since the last began, or enough time and a label.

    What became of the last round does not matter.
    """
    if not campaign.is_running or why_off(campaign):
        return None
    last = campaign.rounds.order_by("-number").first()
    if last is not None and last.state == RoundState.RUNNING:
        return None
    seen = last.last_label_id if last else 0
    if campaign.round_every and _has_labels(campaign, seen, campaign.round_every):
        return Trigger.LABELS
    if _is_time(campaign, last) and _has_labels(campaign, seen, 1):
        return Trigger.SCHEDULE
    return None


def _has_labels(campaign: Campaign, seen: int, count: int) -> bool:
    new = campaign.labels.standing().filter(pk__gt=seen, step=0)[:count]
    return new.count() >= count


def _is_time(campaign: Campaign, last: Round | None) -> bool:
    """Say whether the campaign's hours are over since its last round, or since it was started."""
    if not campaign.round_hours:
        return False
    since = last.started_at if last else campaign.started_at or campaign.created_at
    return timezone.now() >= since + timedelta(hours=campaign.round_hours)
