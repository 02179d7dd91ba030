"""Why an annotator has no clip just now, and when to ask again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.models import User
from annotation import resting
from annotation.models import Assignment, Campaign, CampaignState, Standing
from annotation.models.task import TaskQuerySet
from annotation.resting import Limits, Rest

# In how many seconds somebody whose work is looked at may ask again.
LOOK_AGAIN = 300


@dataclass(frozen=True)
class Nothing:
    """Why there is no assignment, and in how many seconds to ask again."""

    reason: str
    retry_after: int | None
    rest: Rest | None = None
    # Where it is not the campaign that has nothing, but a person who decides about the annotator.
    standing: str = Standing.WORKING

    @property
    def why(self) -> str:
        """Which limit a break comes from."""
        return self.rest.kind if self.rest else ""


def why_nothing(campaign: Campaign, annotator: User) -> Nothing:
    """Return why the annotator gets no task."""
    if campaign.state == CampaignState.FINISHED:
        return Nothing("done", None)
    if decided := _decided_by_a_person(campaign, annotator):
        return decided
    if not campaign.is_running:
        return Nothing("waiting", 60)
    care = resting.care_of(annotator)
    to_come = campaign.tasks.asked_of(annotator).cleared().unseen_by(annotator)
    mine_to_come = to_come.sparing(care.opt_outs)
    if (rest := resting.due(care, Limits.of(campaign), timezone.now())) and mine_to_come.exists():
        return Nothing("break", rest.seconds, rest)
    return _until_others_are_done(mine_to_come)


def _decided_by_a_person(campaign: Campaign, annotator: User) -> Nothing | None:
    standing = campaign.members.filter(user=annotator).values_list("standing", flat=True).first()
    if standing == Standing.STOPPED:
        return Nothing("done", None, standing=standing)
    if standing == Standing.PAUSED:
        return Nothing("waiting", LOOK_AGAIN, standing=standing)
    return None


def _until_others_are_done(mine_to_come: TaskQuerySet) -> Nothing:
    if mine_to_come.filter(live__lt=F("target")).exists():
        return Nothing("waiting", 1)
    in_hand = Assignment.objects.leased().filter(task=OuterRef("pk"))
    if mine_to_come.filter(Exists(in_hand)).exists():
        return Nothing("waiting", 15)
    return Nothing("done", None)
