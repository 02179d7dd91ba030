"""After a full fit, whoever does not look gives a reason to have a look at their work."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from accounts.models import User
from annotation import alarms, consensus, jobs, reports, watching
from annotation.models import Alarm, AlarmKind, Campaign, Label, Outcome, Standing
from jobs.models import Job
from tests.factories import EMOTIONS, make_annotator, make_campaign, store_labels

pytestmark = pytest.mark.django_db
CLIPS, CROWD = 60, 4
Says = Callable[[int, str], str]
chance = random.Random()  # noqa: S311 - what people see in drawn clips


@pytest.fixture(autouse=True)
def same_chance() -> None:
    chance.seed(4)


@pytest.fixture
def campaign() -> Campaign:
    return make_campaign(clips=CLIPS, redundancy=20)


@pytest.fixture
def seen(campaign: Campaign) -> list[str]:
    """What is seen in the clips, in the order of their tasks, by most of a crowd of four."""
    shown = [chance.choice(EMOTIONS) for _ in range(CLIPS)]
    for _ in range(CROWD):
        answer(campaign, make_annotator(), shown, looks)
    return shown


def looks(_place: int, emotion: str) -> str:
    return emotion if chance.random() < 0.8 else chance.choice(EMOTIONS)


def answer(campaign: Campaign, person: User, shown: list[str], says: Says, ms: int = 4000) -> None:
    """Label all clips in the order of their tasks, each after `ms` milliseconds."""
    said = [says(place, emotion) for place, emotion in enumerate(shown)]
    store_labels(list(campaign.tasks.order_by("pk")), person, said, latency_ms=ms)


def watch(campaign: Campaign) -> list[Alarm]:
    consensus.refresh(campaign, settle=True)
    row = campaign.fits.first()
    assert row
    watching.watch(row)
    return list(campaign.alarms.order_by("pk"))


def kinds(found: list[Alarm], person: User) -> list[str]:
    return [alarm.kind for alarm in found if alarm.annotator_id == person.pk]


def test_those_who_look_raise_no_alarm(campaign: Campaign, seen: list[str]) -> None:
    assert watch(campaign) == []


def test_who_is_too_fast_is_looked_at(campaign: Campaign, seen: list[str], annotator: User) -> None:
    answer(campaign, annotator, seen, looks, ms=120)

    (alarm,) = watch(campaign)

    assert (alarm.kind, alarm.annotator) == (AlarmKind.PACE, annotator)
    assert alarm.evidence["fast"] == alarm.evidence["answers"] == CLIPS
    assert not alarm.pauses


def test_who_says_the_same_of_everything_is_looked_at(
    campaign: Campaign, seen: list[str], annotator: User
) -> None:
    answer(campaign, annotator, seen, lambda *_: "joy")

    found = watch(campaign)

    assert AlarmKind.SAME_ANSWER in kinds(found, annotator)
    assert {alarm.annotator for alarm in found} == {annotator}


def test_who_stops_looking_is_found_and_where(
    campaign: Campaign, seen: list[str], annotator: User
) -> None:
    answer(
        campaign,
        annotator,
        seen,
        lambda place, emotion: emotion if place < 20 else chance.choice(EMOTIONS),
    )

    (alarm,) = [one for one in watch(campaign) if one.kind == AlarmKind.FATIGUE]

    assert alarm.annotator == annotator
    assert abs(alarm.evidence["began"] - 21) <= 6


def test_two_with_the_same_answers_are_looked_at_and_named_to_each_other(
    campaign: Campaign, seen: list[str]
) -> None:
    one, other = make_annotator(), make_annotator()
    said = [chance.choice(EMOTIONS) for _ in range(CLIPS)]
    for person in (one, other):
        answer(campaign, person, seen, lambda place, _emotion: said[place])

    found = [alarm for alarm in watch(campaign) if alarm.kind == AlarmKind.COLLUSION]

    assert {alarm.annotator: alarm.evidence["with"] for alarm in found} == {
        one: [other.pk],
        other: [one.pk],
    }


def test_an_alarm_names_labels_of_the_annotator_alone(
    campaign: Campaign, seen: list[str], annotator: User
) -> None:
    answer(campaign, annotator, seen, looks, ms=120)

    (alarm,) = watch(campaign)

    labels = Label.objects.filter(pk__in=alarm.evidence["labels"])
    assert set(labels.values_list("annotator", flat=True)) == {annotator.pk}
    assert labels.count() == 30


def test_agreement_is_told_without_those_somebody_should_look_at(
    campaign: Campaign, seen: list[str], annotator: User
) -> None:
    answer(campaign, annotator, seen, lambda *_: "joy")
    watch(campaign)

    figures = reports.agreement(campaign)["populations"]["crowd"]

    assert figures["alpha_without_flagged"]["annotators"] == 1
    assert figures["alpha_without_flagged"]["alpha"] > figures["alpha"] + 0.1


def test_a_reason_to_look_stops_nobody(
    campaign: Campaign, seen: list[str], annotator: User
) -> None:
    answer(campaign, annotator, seen, looks, ms=120)

    watch(campaign)

    assert campaign.members.get(user=annotator).standing == Standing.WORKING


def test_after_a_decision_only_later_labels_are_looked_at(
    campaign: Campaign, seen: list[str], annotator: User
) -> None:
    answer(campaign, annotator, seen, looks, ms=120)
    (alarm,) = watch(campaign)
    alarms.rule(alarm, campaign.owner, Outcome.NOTHING, "Known to be quick, and right.")

    assert watch(campaign) == [alarm]


def test_a_full_fit_asks_for_a_look(campaign: Campaign, seen: list[str]) -> None:
    jobs.refresh_consensus(Job(), campaign=campaign.pk, settle=True)

    assert Job.objects.filter(kind="watch", args={"campaign": campaign.pk}).exists()
