"""What protects annotators: flags on clips, opt-outs from them, and clips that people stopped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db import transaction

from accounts.models import User
from annotation import flags, releasing
from annotation.models import STOPS, Assignment, Campaign, Care, Clip, Task
from audit.log import Entry, record, record_many

# So many people who stop a clip without flags are worth a look at it.
WORTH_A_LOOK = 2
BATCH = 500


@transaction.atomic
def opt_out(annotator: User, unwanted: Iterable[str]) -> Care:
    """Serve the annotator no clip with these flags from now on, and take back those in hand.

    The log keeps that the choice changed, not what it was: it says more of the person than of
    the work, and the log cannot be erased.
    """
    Care.objects.get_or_create(user=annotator)
    care = Care.objects.select_for_update(no_key=True).get(user=annotator)
    annotator.care = care
    chosen = flags.mask(unwanted)
    if chosen != care.opt_outs:
        care.opt_outs = chosen
        care.save(update_fields=["opt_outs"])
        in_hand = Assignment.objects.leased().filter(annotator=annotator).showing(chosen)
        given_back = releasing.release(in_hand, Assignment.State.EXPIRED, wait=True)
        record(annotator, "care.opt-outs-changed", care, given_back=given_back)
    return care


def flag(clip: Clip, given: Iterable[str], actor: User | None) -> bool:
    """Give a clip exactly these flags, in all its campaigns at once; False where it had them.

    Leases are taken back in a transaction of their own: whoever answers locks leases before tasks,
    and the other way round the two would lock each other out.
    """
    if not _flag(clip, flags.checked(given), actor):
        return False
    releasing.release_unwanted(clip)
    return True


def simulate(annotator: User) -> None:
    """Set no limits for somebody in whose name a program answers: nobody sits there."""
    with transaction.atomic():
        Care.objects.get_or_create(user=annotator)
        if Care.objects.filter(user=annotator, is_simulated=False).update(is_simulated=True):
            record(None, "care.simulated", annotator)


def notice_stops(stopped: Sequence[Assignment]) -> None:
    """Record which clips without flags several people have stopped; called in a transaction."""
    clips = [one.task.clip_id for one in stopped if not one.task.flags]
    found: dict[int, set[int]] = {clip: set() for clip in clips}
    stops = Assignment.objects.filter(skip_reason__in=STOPS, task__clip__in=clips)
    for clip, annotator in stops.values_list("task__clip", "annotator"):
        found[clip].add(annotator)
    record_many(
        Entry(None, "clip.stopped-often", f"annotation.clip:{clip}", {"people": len(people)})
        for clip, people in found.items()
        if len(people) >= WORTH_A_LOOK
    )


@transaction.atomic
def _flag(clip: Clip, wanted: list[str], actor: User | None) -> bool:
    locked = Clip.objects.select_for_update(no_key=True).get(pk=clip.pk)
    clip.flags = wanted
    if wanted == locked.flags:
        return False
    clip.save(update_fields=["flags"])
    Task.objects.filter(clip=clip, n_clips=1).update(flags=flags.mask(wanted))
    tasks = Task.objects.with_any_of([clip.pk])
    compared = list(tasks.filter(n_clips__gt=1).prefetch_related("companions__clip"))
    for task in compared:
        # A comparison is flagged for whatever any of its clips is.
        task.flags = reduce(or_, (flags.mask(one.flags) for one in task.clips))
    Task.objects.bulk_update(compared, ["flags"], batch_size=BATCH)
    for campaign in Campaign.objects.filter(tasks__in=tasks).distinct():
        kept = campaign.tasks.exclude(flags=0).order_by().values_list("flags", flat=True)
        Campaign.objects.filter(pk=campaign.pk).update(flags=reduce(or_, kept.distinct(), 0))
    record(actor, "clip.flags-changed", clip, before=locked.flags, now=wanted)
    return True
