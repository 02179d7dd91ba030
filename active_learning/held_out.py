"""The people of a campaign whom its learner never sees: drawn once, written down, kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from active_learning import splitting
from active_learning.models import Side, Split
from annotation.models import Campaign, Clip
from audit.log import record

# So many clips of theirs are asked until they are labelled: two points of accuracy either way.
MOST_CLIPS = 300
NOBODY = "This campaign keeps nobody apart; the figures are cross-fitted."


@dataclass(frozen=True)
class Sides:
    """Who is held out, and which tasks show them.

    `groups` holds whoever shares clips with others; `together` the people of every task that
    shows several.
    """

    seed: str
    groups: Mapping[int, int]
    together: Mapping[int, frozenset[int]]
    held_out: frozenset[int] = frozenset()
    clip_share: float = 0.0
    why_none: str = ""

    def group(self, person: int) -> int:
        """Return whom a person counts as one with, in every split."""
        return self.groups.get(person, person)

    def shows_held_out(self, task: int, person: int) -> bool:
        """Return whether a task shows anybody held out; `person` is one of whom it shows."""
        return not self.held_out.isdisjoint(self._people(task, person))

    def is_test(self, task: int, person: int) -> bool:
        """Return whether a task shows held-out people alone, and is among those drawn to judge."""
        return (
            self._people(task, person) <= self.held_out
            and splitting.chance(self.seed, "task", task) < self.clip_share
        )

    def _people(self, task: int, person: int) -> frozenset[int]:
        return self.together.get(task, frozenset({person}))


def sides(campaign: Campaign) -> Sides:
    """Return who is held out, drawing whoever has not been drawn yet."""
    seed = f"{campaign.seed}:{campaign.pk}"
    together = _together(campaign)
    people = campaign.tasks.cleared().order_by().values_list("clip__participants", flat=True)
    everybody = sorted(set(people.distinct()) - {None})
    group_of = splitting.groups(everybody, together.values())
    shared = {person: group_of[person] for persons in together.values() for person in persons}
    split, why = _split(campaign, group_of, seed)
    if split is None:
        return Sides(seed, shared, together, why_none=why)
    held_out = split.sides.filter(held_out=True).values_list("person", flat=True)
    return Sides(seed, shared, together, frozenset(held_out), split.clip_share)


def _together(campaign: Campaign) -> dict[int, frozenset[int]]:
    """Return whom each task shows, of those that show several."""
    tasks = campaign.tasks.cleared()
    several = tasks.annotate(people=Count("clip__participants")).filter(people__gt=1)
    shown = tasks.filter(pk__in=several.values("pk")).order_by()
    together: dict[int, set[int]] = {}
    for task, person in shown.values_list("pk", "clip__participants"):
        together.setdefault(task, set()).add(person)
    return {task: frozenset(people) for task, people in together.items()}


@transaction.atomic
def _split(campaign: Campaign, group_of: Mapping[int, int], seed: str) -> tuple[Split | None, str]:
    """Return the campaign's split with everybody in it, or why there is none."""
    split = Split.objects.filter(campaign=campaign).first()
    if split is not None:
        known = dict(split.sides.values_list("person", "held_out"))
        _write(split, splitting.join(group_of, known, split.share, seed))
        return split, ""
    if not campaign.test_share:
        return None, NOBODY
    if (count := len(set(group_of.values()))) < splitting.LEAST_GROUPS:
        return None, (
            f"There are {count} groups of people who share no clip, and {splitting.LEAST_GROUPS} "
            "are needed to keep some apart; the figures are cross-fitted."
        )
    drawn = splitting.draw(group_of, campaign.test_share, seed)
    if not any(drawn.values()):
        return None, (
            "The people share too many clips for some to be kept apart; "
            "the figures are cross-fitted."
        )
    share = _clip_share(campaign, drawn)
    split = Split.objects.create(campaign=campaign, share=campaign.test_share, clip_share=share)
    _write(split, drawn)
    return split, ""


def _clip_share(campaign: Campaign, drawn: Mapping[int, bool]) -> float:
    people = [person for person, held_out in drawn.items() if held_out]
    shown = Clip.participants.through.objects.filter(participant__in=people)
    clips = campaign.tasks.cleared().filter(clip__in=shown.values("clip")).count()
    return min(1.0, MOST_CLIPS / max(clips, 1))


def _write(split: Split, drawn: Mapping[int, bool]) -> None:
    if not drawn:
        return
    Side.objects.bulk_create(
        [Side(split=split, person_id=person, held_out=side) for person, side in drawn.items()],
        batch_size=500,
    )
    record(None, "split.drawn", split.campaign, people=len(drawn), held_out=sum(drawn.values()))
