"""Probes among an annotator's clips: training, clips of known reading, repeats, instructions.

They look like any other clip, apart from training and instructions, which say what they are. Where
they stand is drawn by lot within each block of so many clips, so that nobody can wait for one. A
probe takes no place of its task.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef

from accounts.models import User
from annotation import scheme, staging
from annotation.models import Assignment, Audience, Campaign, Gold, Label, Member, Probe, Task
from annotation.models.assignment import AGAIN
from annotation.models.label import LabelQuerySet
from annotation.models.task import TaskQuerySet

# Whoever meets a clip again should have forgotten what they said of it.
CLIPS_BETWEEN = 10
EVERY = {
    Probe.GOLD: "check_every",
    Probe.REPEAT: "repeat_every",
    Probe.ATTENTION: "attention_every",
}


@dataclass(frozen=True)
class Turn:
    """What an annotator gets next: a task, and what it is for."""

    task: Task
    probe: Probe = Probe.NONE
    asked_for: str = ""


def tests(campaign: Campaign, annotator: User) -> bool:
    """Return whether somebody is tested here: experts only where there are none but experts."""
    return not annotator.is_expert or campaign.audience == Audience.EXPERT


def due(campaign: Campaign, member: Member, n: int) -> list[Probe]:
    """Return what each of the next `n` clips of the annotator is for; asks the database nothing."""
    trained, tested = member.trained, member.tested
    found = []
    for position in range(member.served + 1, member.served + n + 1):
        probe = _due(campaign, member, position, trained, tested)
        trained += probe == Probe.TRAINING
        tested += probe == Probe.GOLD
        found.append(probe)
    return found


def pick(
    campaign: Campaign, member: Member, probes: Sequence[Probe], queued: Iterable[int]
) -> list[Turn | None]:
    """Return a clip for each probe, None where there is none, or where a label is wanted.

    None of the tasks that are `queued` for a label is taken.
    """
    taken = set(queued)
    turns: list[Turn | None] = []
    for place, probe in enumerate(probes):
        chance = _chance(campaign, member, f"pick:{member.served + place}")
        keys = _candidates(campaign, member, probe, taken, chance) if probe else []
        task = _load(campaign, keys)
        turns.append(Turn(task, probe, _asked_for(campaign, probe, chance)) if task else None)
        taken |= {task.pk} if task else set()
    return turns


def _due(campaign: Campaign, member: Member, position: int, trained: int, tested: int) -> Probe:
    """Return what the clip at a position is for.

    Training and the first checks may leave gaps, where a clip could not be shown or was skipped,
    and end where twice as many clips were served as they need.
    """
    teaching = min(campaign.training_clips, campaign.n_teaching)
    is_tested = tests(campaign, member.user)
    testing = min(campaign.entry_checks, campaign.n_gold) if is_tested else 0
    if trained < teaching and position <= 2 * teaching:
        return Probe.TRAINING
    if tested < testing and position <= 2 * (teaching + testing):
        return Probe.GOLD
    return _due_later(campaign, member, position - teaching - testing)


def _due_later(campaign: Campaign, member: Member, position: int) -> Probe:
    """Return what the clip is for that comes so far behind the entry; at most one in a few is."""
    is_tested = tests(campaign, member.user)
    if is_tested and campaign.n_gold and _falls(campaign, member, Probe.GOLD, position):
        return Probe.GOLD
    # A clip whose context was shown cannot be met again without it.
    if position <= CLIPS_BETWEEN + 1 or campaign.stages != [staging.BLIND]:
        return Probe.NONE
    if _falls(campaign, member, Probe.REPEAT, position):
        return Probe.REPEAT
    if is_tested and _falls(campaign, member, Probe.ATTENTION, position):
        return Probe.ATTENTION
    return Probe.NONE


def _falls(campaign: Campaign, member: Member, probe: Probe, position: int) -> bool:
    """Return whether the one of so many clips that was drawn for this block stands here."""
    every: int = getattr(campaign, EVERY[probe])
    if not every or position < 1:
        return False
    block, place = divmod(position - 1, every)
    return _chance(campaign, member, f"{probe}:{block}").randrange(every) == place


def _chance(campaign: Campaign, member: Member, what: str) -> random.Random:
    # With the site's secret: annotators may know all the rest, and could work out what is a check.
    key = f"{settings.SECRET_KEY}:annotation.probing"
    return random.Random(f"{key}:{campaign.seed}:{campaign.pk}:{member.user_id}:{what}")  # noqa: S311


def _candidates(
    campaign: Campaign, member: Member, probe: Probe, taken: set[int], chance: random.Random
) -> list[int]:
    """Return the tasks that may serve, by key, the first to be taken."""
    if probe in AGAIN:
        met = _met_before(campaign, member, probe).exclude(task__in=taken)
        keys = list(met.order_by("pk").values_list("task", flat=True))
        return [chance.choice(keys)] if keys else []
    gold = Gold.objects.filter(campaign=campaign, teaches=probe == Probe.TRAINING)
    # Asked of each in turn: a list of all that may be seen would be one of the whole campaign.
    unseen = _may_see(campaign, member).unseen_by(member.user).filter(pk=OuterRef("task"))
    found = gold.filter(Exists(unseen)).exclude(task__in=taken)
    rows = found.order_by("pk").values_list("stratum", "task")
    strata: dict[int, list[int]] = defaultdict(list)
    for stratum, task in rows:
        strata[stratum].append(task)
    if not strata:
        return []
    # One category after the other: a common one would let pass who always answers it.
    turn = member.trained if probe == Probe.TRAINING else member.tested
    order = sorted(strata)
    _chance(campaign, member, "strata").shuffle(order)
    return [chance.choice(strata[order[(turn + len(taken)) % len(order)]])]


def _may_see(campaign: Campaign, member: Member) -> TaskQuerySet:
    return campaign.tasks.cleared().sparing(member.user.care.opt_outs)


def _met_before(campaign: Campaign, member: Member, probe: Probe) -> LabelQuerySet:
    """Return what somebody said a while ago of clips that they did not meet in this way since."""
    mine = Label.objects.standing().filter(
        campaign=campaign,
        annotator=member.user,
        step=0,
        position__lte=member.served - CLIPS_BETWEEN,
    )
    since = Assignment.objects.kept().filter(
        task=OuterRef("task"), annotator=member.user, probe=probe
    )
    may_see = _may_see(campaign, member).filter(pk=OuterRef("task"))
    return mine.filter(Exists(may_see), ~Exists(since))


def _load(campaign: Campaign, keys: list[int]) -> Task | None:
    return campaign.tasks.filter(pk__in=keys).select_related("clip").first() if keys else None


def _asked_for(campaign: Campaign, probe: Probe, chance: random.Random) -> str:
    if probe != Probe.ATTENTION:
        return ""
    return chance.choice(scheme.categories(campaign.scheme.questions))
