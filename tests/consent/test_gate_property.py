"""Whatever happens in whatever order, the indexed column says what the records say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotation import launching
from annotation.models import Campaign, Task
from consent import gate, review
from consent.models import Consent, Participant, Purpose
from tests.factories import (
    make_campaign,
    make_clip,
    make_collection,
    make_comparison,
    make_consent,
)

PURPOSES = [Purpose.AFFECTIVE_SCIENCE, Purpose.BENCHMARK]
PEOPLE, CLIPS = 2, 3

people = st.integers(0, PEOPLE - 1)
events = st.one_of(
    st.tuples(
        st.sampled_from(["give", "grant", "grant"]),
        people,
        st.sets(st.sampled_from(PURPOSES), min_size=1),
        st.integers(1, 4),
    ),
    st.tuples(st.sampled_from(["approve", "reject", "withdraw"]), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.integers(1, 3)),
    st.tuples(st.just("repurpose"), st.sampled_from(PURPOSES)),
)
casts = st.lists(st.sets(people), min_size=CLIPS, max_size=CLIPS)


class World:
    """A few people in a few clips of two campaigns, and a clock."""

    def __init__(self, casts: list[set[int]], travel: Any) -> None:
        self.travel = travel
        self.people = [Participant.objects.create(code=f"{n}") for n in range(PEOPLE)]
        collection = make_collection()
        for cast in casts:
            make_clip(collection, *(self.people[n] for n in cast))
        self.campaigns: list[Campaign] = [
            make_campaign(collection, running=False, purpose=purpose) for purpose in PURPOSES
        ]
        self.comparison = make_comparison(collection=collection, running=False)
        first, *others = collection.clips.order_by("pk")
        task = Task.objects.create(campaign=self.comparison, clip=first, n_clips=CLIPS, target=1)
        for place, clip in enumerate(others, start=1):
            task.companions.create(clip=clip, place=place)
        self.consents: list[Consent] = []

    def give(self, person: int, purposes: set[Purpose], hours: int) -> None:
        until = timezone.now() + timedelta(hours=hours)
        self.consents.append(
            make_consent(self.people[person], purposes=sorted(purposes), expires_at=until)
        )

    def grant(self, person: int, purposes: set[Purpose], hours: int) -> None:
        self.give(person, purposes, hours)
        review.approve(self.consents[-1], None)

    def decide(self, verb: str, number: int) -> None:
        if number < len(self.consents):
            try:
                getattr(review, verb)(self.consents[number], None, "because")
            except review.DecisionError:
                return

    def wait(self, hours: int) -> None:
        self.travel.shift(timedelta(hours=hours))

    def repurpose(self, purpose: Purpose) -> None:
        campaign = self.campaigns[0]
        launching.change_campaign(campaign, {"purpose": purpose}, campaign.owner)

    def happen(self, name: str, *what: Any) -> None:
        if name in ("approve", "reject", "withdraw"):
            self.decide(name, *what)
        else:
            getattr(self, name)(*what)


def by_the_records(at: datetime) -> set[int]:
    tasks = Task.objects.select_related("campaign", "clip")
    return {
        task.pk
        for task in tasks
        if all(
            gate.allows(clip.participants.all(), task.campaign.purpose, at) for clip in task.clips
        )
    }


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(
    casts=[{0}, set(), {0, 1}],
    story=[("grant", 0, {PURPOSES[0]}, 4), ("grant", 0, {PURPOSES[0]}, 1), ("wait", 2)],
)
@example(
    casts=[{0}, {1}, {0, 1}],
    story=[
        ("grant", 0, set(PURPOSES), 4),
        ("grant", 1, set(PURPOSES), 2),
        ("wait", 1),
        ("withdraw", 0),
        ("wait", 1),
    ],
)
@given(casts=casts, story=st.lists(events, min_size=4, max_size=12))
def test_the_column_equals_the_slow_definition(
    casts: list[set[int]], story: list[tuple[Any, ...]]
) -> None:
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as travel, transaction.atomic():
        world = World(casts, travel)
        for event in story:
            world.happen(*event)
            now = timezone.now()
            cleared = set(Task.objects.cleared().values_list("pk", flat=True))
            assert cleared == by_the_records(now), event
        transaction.set_rollback(True)
