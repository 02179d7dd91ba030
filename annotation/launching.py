"""Launches campaigns and takes them through their states."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from annotation import closing, comparing, flags, scheme, staging
from annotation.models import (
    Campaign,
    CampaignState,
    Collection,
    LabelScheme,
    Member,
    Perspective,
    Task,
    TaskClip,
)
from audit.log import record
from consent import gate

BATCH = 2000
PROBES = ("training_clips", "entry_checks", "check_every", "repeat_every", "attention_every")
CHANGEABLE = {
    "instructions", "audience", "redundancy", "most_labels", "audit_share", "lease_seconds",
    "round_every", "round_hours", "warm_up", "learner", "strategy", "vectors",
    "comparisons_per_clip", "undo_seconds", "full_view", "captions",
    "veil", "session_minutes", "daily_minutes", "break_minutes", "flagged_before_break",
    "support_url", "support_text", *PROBES,
}  # fmt: skip


class NotPossibleError(Exception):
    """The campaign cannot change its state like that; the message says why and what to do."""


@dataclass(frozen=True)
class Preview:
    """How many clips of a collection may be used for a purpose."""

    clips: int
    cleared: int

    @property
    def blocked(self) -> int:
        return self.clips - self.cleared


@transaction.atomic
def create_campaign(
    settings: Mapping[str, Any],
    questions: scheme.Questions,
    owner: User,
    perspective: str = Perspective.PERCEIVED,
) -> Campaign:
    """Make a draft from checked settings and questions, with a task for every clip.

    `perspective` says whose state, seen by whom, the questions are about.

    Raises:
        NotPossibleError: the questions cannot be asked about the collection.
    """
    questions = scheme.define(questions)
    if refusal := not_askable(settings["collection"], questions):
        raise NotPossibleError(refusal)
    last = LabelScheme.objects.filter(name=settings["name"]).order_by("version").last()
    label_scheme = LabelScheme.objects.create(
        name=settings["name"],
        version=last.version + 1 if last else 1,
        questions=questions,
        perspective=perspective,
    )
    campaign = Campaign.objects.create(**settings, scheme=label_scheme, owner=owner)
    add_tasks(campaign)
    record(owner, "campaign.created", campaign, purpose=campaign.purpose)
    return campaign


@transaction.atomic
def change_campaign(campaign: Campaign, changes: Mapping[str, Any], actor: User) -> Campaign:
    """Change what may change while people label; the rest needs a new campaign."""
    fixed = sorted(set(changes) - CHANGEABLE)
    if fixed and campaign.state != CampaignState.DRAFT:
        raise NotPossibleError(
            _("%(field)s cannot change once a campaign runs.") % {"field": fixed[0]}
        )
    if {"scheme", "collection"} & set(changes):
        raise NotPossibleError(_("Make a new campaign for another scheme or collection."))
    for name, value in changes.items():
        setattr(campaign, name, value)
    campaign.save(update_fields=list(changes))
    if {"redundancy", "most_labels"} & set(changes):
        _retarget(campaign)
    if "purpose" in changes:
        gate.refresh(campaign.tasks.all())
    if comparing.compares(campaign) and {"purpose", "comparisons_per_clip"} & set(changes):
        add_tasks(campaign)
    record(actor, "campaign.changed", campaign, fields=sorted(changes))
    return campaign


def _retarget(campaign: Campaign) -> None:
    """Give every task the new target; one that has more labels already keeps what it has."""
    target = Greatest(F("live"), Value(campaign.redundancy))
    known = campaign.gold.values("task")
    tasks = campaign.tasks.exclude(pk__in=known).filter(foretold="")
    tasks.update(target=target, retired=False, need="")
    closing.settle(campaign)


@transaction.atomic
def add_tasks(campaign: Campaign) -> int:
    """Add a task for every clip of the collection that has none, in random order.

    Pictures have no task where the questions are about time. A campaign that compares clips gets
    the comparisons that its clips lack.
    """
    # One at a time: two designs made at once would ask the same comparison twice.
    locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    seed = f"{campaign.seed}:{campaign.pk}:{locked.n_tasks}"
    groups = comparing.missing(campaign, seed) if comparing.compares(campaign) else _alone(campaign)
    flags_of = _flags(campaign)
    chance = random.Random(seed)  # noqa: S311
    tasks = Task.objects.bulk_create(
        (
            Task(
                campaign=campaign,
                clip_id=clips[0],
                n_clips=len(clips),
                flags=reduce(or_, (flags_of.get(clip, 0) for clip in clips)),
                target=campaign.redundancy,
                priority=chance.random(),
                probability=1 / len(groups),
            )
            for clips in groups
        ),
        batch_size=BATCH,
    )
    TaskClip.objects.bulk_create(
        (
            TaskClip(task=task, clip_id=clip, place=place)
            for task, clips in zip(tasks, groups, strict=True)
            for place, clip in enumerate(clips[1:], start=1)
        ),
        batch_size=BATCH,
    )
    gate.refresh(campaign.tasks.filter(cleared_until=None))
    campaign.n_tasks = locked.n_tasks + len(groups)
    campaign.flags = reduce(or_, (task.flags for task in tasks), locked.flags)
    Campaign.objects.filter(pk=campaign.pk).update(n_tasks=campaign.n_tasks, flags=campaign.flags)
    return len(groups)


def _flags(campaign: Campaign) -> dict[int, int]:
    """Return the flags of the collection's clips that have any."""
    flagged = campaign.collection.clips.exclude(flags=[]).values_list("pk", "flags")
    return {clip: flags.mask(words) for clip, words in flagged}


def _alone(campaign: Campaign) -> list[tuple[int, ...]]:
    """Return the clips that have no task yet, each for one of its own."""
    missing = campaign.collection.clips.exclude(tasks__campaign=campaign).order_by("pk")
    if scheme.needs_time(campaign.scheme.questions):
        missing = missing.exclude(duration=None)
    return [(clip,) for clip in missing.values_list("pk", flat=True)]


@transaction.atomic
def invite(campaign: Campaign, annotator: User, actor: User) -> Member:
    """Give an annotator a seat in the campaign, unless they have one."""
    member, created = Member.objects.get_or_create(campaign=campaign, user=annotator)
    if created:
        record(actor, "member.invited", member, campaign=campaign.pk)
    return member


def preview(collection: Collection, purpose: str) -> Preview:
    """Return how many of the collection's clips may be used for `purpose`."""
    return Preview(collection.clips.count(), len(comparing.allowed_clips(collection, purpose)))


def not_askable(collection: Collection, questions: scheme.Questions) -> str:
    """Say why the questions cannot be asked about the collection; nothing where they can."""
    return nothing_moves(collection, questions) or too_few_to_compare(collection, questions)


def nothing_moves(collection: Collection, questions: scheme.Questions) -> str:
    """Say why questions about time cannot be asked of the collection; nothing where they can."""
    clips = collection.clips.all()
    if not scheme.needs_time(questions) or not clips.exists():
        return ""
    if clips.exclude(duration=None).exists():
        return ""
    return _(
        "%(collection)s has pictures only, and these questions need clips that play. "
        "Take another collection, or ask for one answer to each picture."
    ) % {"collection": collection.name}


def no_such_vectors(collection: Collection, name: str) -> str:
    """Say that a collection has no vectors of this name; nothing where it has, or none is given."""
    known = sorted(set(collection.vector_sets.values_list("name", flat=True)))
    if not name or name in known:
        return ""
    return _(
        "%(collection)s has no vectors called %(name)s. Bring them first, choose others "
        "(%(known)s), or leave it empty: then our own features serve."
    ) % {"collection": collection.name, "name": name, "known": ", ".join(known) or "–"}


def not_met_again(questions: scheme.Questions, stages: list[str]) -> str:
    """Say why a clip cannot be shown to somebody twice; nothing where it can."""
    if scheme.category_question(questions) is None:
        return _("No question has categories that a second answer could be held against. Give 0.")
    if stages != [staging.BLIND]:
        return _("A clip whose context was shown cannot be met again without it. Give 0.")
    return ""


def start(campaign: Campaign, actor: User) -> None:
    """Start a draft, or go on after a pause."""
    if comparing.compares(campaign) and campaign.state != CampaignState.FINISHED:
        # Only clips whose people agree are compared: some may have agreed, or come, since.
        add_tasks(campaign)
    if not campaign.tasks.cleared().exists():
        raise NotPossibleError(_too_few_cleared(campaign))
    _change(campaign, actor, CampaignState.RUNNING, {CampaignState.DRAFT, CampaignState.PAUSED})
    Campaign.objects.filter(pk=campaign.pk, started_at=None).update(started_at=timezone.now())


def _too_few_cleared(campaign: Campaign) -> str:
    if comparing.compares(campaign):
        return _(
            "Fewer than %(n)d clips may be used for this purpose yet, too few to compare. "
            "Have the consents approved first."
        ) % {"n": scheme.clips_shown(campaign.scheme.questions)}
    return _("No clip may be used for this purpose yet. Have the consents approved first.")


def too_few_to_compare(collection: Collection, questions: scheme.Questions) -> str:
    """Say why the collection's clips cannot be compared as asked; nothing where they can."""
    lacking = comparing.lacks_clips(collection, questions)
    if not lacking:
        return ""
    return _("Comparing needs at least %(n)d clips; %(collection)s has %(has)d. Import more.") % {
        "n": scheme.clips_shown(questions),
        "collection": collection.name,
        "has": scheme.clips_shown(questions) - lacking,
    }


def pause(campaign: Campaign, actor: User) -> None:
    """Serve nothing more for now; what is in hand may still be sent."""
    _change(campaign, actor, CampaignState.PAUSED, {CampaignState.RUNNING})


def finish(campaign: Campaign, actor: User) -> None:
    """End the campaign for good."""
    _change(campaign, actor, CampaignState.FINISHED, {CampaignState.RUNNING, CampaignState.PAUSED})
    Campaign.objects.filter(pk=campaign.pk).update(finished_at=timezone.now())


@transaction.atomic
def _change(
    campaign: Campaign, actor: User, state: CampaignState, allowed: set[CampaignState]
) -> None:
    changed = Campaign.objects.filter(pk=campaign.pk, state__in=allowed).update(state=state)
    campaign.refresh_from_db()
    if not changed:
        raise NotPossibleError(
            _("A campaign that is %(now)s cannot become %(wish)s.")
            % {"now": campaign.get_state_display(), "wish": state.label}
        )
    record(actor, f"campaign.{state}", campaign)
