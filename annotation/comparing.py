"""Which comparisons a campaign lacks that compares clips, made of clips whose people agree."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, comb

from annotation import scheme
from annotation.agreement.designs import Group, design
from annotation.models import Campaign, Clip, Collection, TaskClip
from annotation.scheme import Questions
from consent import gate

# Pairs are answered quickly; a four says more, and eight for each clip is the published design.
USUAL = {2: 6, 4: 8}


def compares(campaign: Campaign) -> bool:
    """Return whether the campaign's tasks show several clips to be compared."""
    return scheme.comparison(campaign.scheme.questions) is not None


def lacks_clips(collection: Collection, questions: Questions) -> int:
    """Return how many clips the collection lacks to be compared as the questions ask."""
    needed = scheme.clips_shown(questions)
    return max(0, needed - collection.clips.count()) if needed > 1 else 0


def expected(clips: int, questions: Questions) -> int:
    """Return how many tasks so many usable clips will make, near enough for a preview."""
    size = scheme.clips_shown(questions)
    if size == 1:
        return clips
    each = min(USUAL[size], comb(clips - 1, size - 1)) if clips >= size else 0
    return ceil(clips * each / size)


def missing(campaign: Campaign, seed: str) -> Sequence[Group]:
    """Return the comparisons to add, so that each clip that may be used is in enough of them.

    A clip whose people do not allow the purpose is in none: it would block all that it is shown
    with. It comes in by a later call, once they do; and where one left, the others get new ones.
    """
    size = scheme.clips_shown(campaign.scheme.questions)
    clips = allowed_clips(campaign.collection, campaign.purpose)
    if len(clips) < size:
        return []
    each = campaign.comparisons_per_clip or USUAL[size]
    return design(clips, size, each, seed=seed, made=_asked(campaign))


def allowed_clips(collection: Collection, purpose: str) -> list[int]:
    """Return the collection's clips whose people allow `purpose`, now."""
    people: dict[int, set[int]] = {}
    pairs = Clip.objects.filter(collection=collection).order_by("pk")
    for clip, person in pairs.values_list("pk", "participants"):
        people.setdefault(clip, set()).update([person] if person else [])
    allowed = gate.deadlines({person for group in people.values() for person in group})
    return [
        clip
        for clip, group in people.items()
        if gate.row_deadline(frozenset(group), purpose, allowed) is not None
    ]


def _asked(campaign: Campaign) -> list[Group]:
    """Return the clips of each comparison that the campaign has."""
    groups = {task: [clip] for task, clip in campaign.tasks.values_list("pk", "clip")}
    beside = TaskClip.objects.filter(task__campaign=campaign)
    for task, clip in beside.order_by("task", "place").values_list("task", "clip"):
        groups[task].append(clip)
    return [tuple(group) for group in groups.values()]
