"""Who does not look is found by few probes; who looks is left alone."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from annotation import alarms, consensus, gold, heard, quality, serving
from annotation.gold import Known
from annotation.models import (
    Alarm,
    AlarmKind,
    Assignment,
    Campaign,
    Consensus,
    Outcome,
    Population,
    Probe,
    Standing,
)
from annotation.probing import Turn
from consent import review
from consent.models import Consent
from tests.annotation.test_probing import names_of
from tests.factories import (
    EMOTIONS,
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_label,
    make_questions,
    send,
)

pytestmark = pytest.mark.django_db
Says = Callable[[Assignment], str]


def make_tested() -> Campaign:
    """Make a campaign of 40 clips, of which every second shows an emotion known beforehand."""
    campaign = make_campaign(clips=40, check_every=5)
    known = [Known(name, EMOTIONS[i % 4]) for i, name in enumerate(names_of(campaign)[::2])]
    gold.mark(campaign, known, campaign.owner)
    return campaign


def work(campaign: Campaign, annotator: User, says: Says, n: int = 12) -> None:
    """Answer `n` clips, and have each probe looked at, as the workers do."""
    for _ in range(n):
        for assignment in lease(campaign, annotator):
            send(campaign, annotator, answer_to(assignment, says(assignment)))
            if assignment.probe:
                quality.review(campaign, annotator)


def looks(assignment: Assignment) -> str:
    known = getattr(assignment.task, "gold", None)
    return EMOTIONS[known.stratum] if known else "joy"


def always_joy(_assignment: Assignment) -> str:
    return "joy"


def guesses() -> Says:
    chance = random.Random(3)  # noqa: S311 - answers of somebody who guesses
    return lambda _assignment: chance.choice(EMOTIONS)


def alarm_of(campaign: Campaign, annotator: User) -> Alarm | None:
    return campaign.alarms.filter(annotator=annotator).first()


@pytest.mark.parametrize("says", [always_joy, guesses()], ids=["constant", "uniform"])
def test_who_does_not_look_is_paused_within_ten_clips(annotator: User, says: Says) -> None:
    campaign = make_tested()

    work(campaign, annotator, says)

    alarm = alarm_of(campaign, annotator)
    assert alarm
    assert alarm.kind == AlarmKind.GOLD
    assert alarm.evidence["tested"] <= 10
    assert campaign.members.get(user=annotator).standing == Standing.PAUSED


def test_answers_about_clips_that_lost_their_consent_accuse_nobody(annotator: User) -> None:
    campaign = make_tested()
    work(campaign, annotator, looks, n=6)
    for consent in Consent.objects.all():
        review.withdraw(consent, None)

    assert quality.review(campaign, annotator) == 0
    assert not quality.probed(campaign, annotator)


def test_who_looks_is_left_alone(annotator: User) -> None:
    campaign = make_tested()

    work(campaign, annotator, looks, n=30)

    assert alarm_of(campaign, annotator) is None


def test_after_a_decision_only_new_answers_count(annotator: User) -> None:
    campaign = make_tested()
    work(campaign, annotator, always_joy)
    alarm = alarm_of(campaign, annotator)
    assert alarm
    alarms.rule(alarm, campaign.owner, Outcome.ADVICE, "Please look at each clip first.")

    work(campaign, annotator, looks, n=20)

    assert campaign.alarms.count() == 1
    assert campaign.members.get(user=annotator).standing == Standing.WORKING


def make_instructing() -> Campaign:
    return make_campaign(clips=60, attention_every=5)


def test_who_follows_instructions_is_left_alone(annotator: User) -> None:
    campaign = make_instructing()

    work(campaign, annotator, lambda one: one.asked_for or "joy", n=50)

    assert campaign.labels.probes(Probe.ATTENTION).count() >= 5
    assert alarm_of(campaign, annotator) is None


def test_two_instructions_not_followed_are_an_alarm(annotator: User) -> None:
    campaign = make_instructing()

    work(campaign, annotator, lambda one: other_than(one.asked_for), n=50)

    alarm = alarm_of(campaign, annotator)
    assert alarm
    assert (alarm.kind, alarm.evidence["failed"]) == (AlarmKind.ATTENTION, 2)


def other_than(value: str) -> str:
    return next(emotion for emotion in EMOTIONS if emotion != value)


@pytest.fixture
def repeating() -> Campaign:
    """A campaign on whose clips three people agree."""
    campaign = make_campaign(clips=60, redundancy=10, repeat_every=5)
    crowd = [make_annotator() for _ in range(3)]
    for task in campaign.tasks.order_by("pk"):
        for person in crowd:
            make_label(task, person, "joy")
    consensus.refresh(campaign, settle=True)
    return campaign


def test_who_says_the_same_again_is_left_alone(repeating: Campaign, annotator: User) -> None:
    work(repeating, annotator, always_joy, n=59)

    assert repeating.labels.probes(Probe.REPEAT).count() >= 5
    assert alarm_of(repeating, annotator) is None


def test_who_contradicts_themselves_is_looked_at_and_goes_on(
    repeating: Campaign, annotator: User
) -> None:
    work(repeating, annotator, lambda one: "anger" if one.probe else "joy", n=59)

    alarm = alarm_of(repeating, annotator)
    assert alarm
    assert (alarm.kind, alarm.pauses, alarm.evidence["same"]) == (AlarmKind.REPEATS, False, 0)
    assert repeating.members.get(user=annotator).standing == Standing.WORKING


def test_what_experts_say_excuses_no_contradictions_of_the_crowd(
    repeating: Campaign, annotator: User
) -> None:
    for row in Consensus.objects.all():
        row.pk, row.population, row.distribution = None, Population.EXPERT, [0.25] * 4
        row.save()

    work(repeating, annotator, lambda one: "anger" if one.probe else "joy", n=59)

    assert alarm_of(repeating, annotator)


def test_who_left_the_question_out_at_first_contradicts_nothing(annotator: User) -> None:
    feeling, sure = make_questions(confidence=True)
    asked = [{**feeling, "required": False}, {**sure, "required": True}]
    campaign = make_campaign(clips=1, questions=asked)
    task = campaign.tasks.get()
    make_label(task, annotator, {feeling["name"]: None, sure["name"]: 3})
    with transaction.atomic():
        member = serving.seat(campaign, annotator)
        turns = [Turn(task, Probe.REPEAT)]
        (again,) = serving.assign(campaign, member, turns, timezone.now())
    send(campaign, annotator, answer_to(again, {feeling["name"]: "joy", sure["name"]: 3}))

    assert campaign.labels.probes(Probe.REPEAT).count() == 1
    assert quality.probed(campaign, annotator).repeats == 0


def test_what_is_answered_to_checks_is_heard_beside_the_labels() -> None:
    campaign = make_tested()
    for _ in range(3):
        work(campaign, make_annotator(), looks, n=20)
    said = heard.listen(campaign, Population.CROWD)

    known = heard.known(campaign, said)

    assert known
    assert len(known.answers) == campaign.labels.probes(Probe.GOLD).count()
    assert known.answers.n_annotators == said.answers.n_annotators
    assert known.distribution.shape == (20, len(EMOTIONS))


def test_how_probes_were_answered_is_told_in_figures(annotator: User) -> None:
    campaign = make_tested()
    work(campaign, annotator, looks, n=12)

    told = quality.probed(campaign, annotator)

    assert told.gold == campaign.labels.probes(Probe.GOLD).count() > 0
    assert told.verdict == "attentive"
    assert (told.repeats, told.instructions) == (0, 0)


def test_followed_instructions_and_equal_answers_are_counted(annotator: User) -> None:
    campaign = make_campaign(clips=60, attention_every=5, repeat_every=7)
    work(campaign, annotator, lambda one: one.asked_for or "joy", n=40)

    told = quality.probed(campaign, annotator)

    assert told.same == told.repeats > 0
    assert told.followed == told.instructions > 0
