"""Between full fits each label moves its annotator's reliability, and no more than it should."""

from __future__ import annotations

import random
from typing import Any

import pytest

from accounts.models import User
from annotation import consensus
from annotation.agreement import selection
from annotation.agreement.spam_mixture import SpamMixture
from annotation.models import Campaign, Reliability
from tests.factories import EMOTIONS, make_annotator, make_campaign, make_label, store_labels

pytestmark = pytest.mark.django_db
CLIPS, EACH = 30, 4


@pytest.fixture
def people() -> list[User]:
    return [make_annotator() for _ in range(5)]


@pytest.fixture
def campaign(people: list[User], monkeypatch: Any) -> Campaign:
    """Thirty clips, answered by four who look and by one who guesses, then a full fit.

    Four clips wait for labels that come after it.
    """
    monkeypatch.setattr(consensus, "DRIFT_LABELS", 1000)
    # Two fits may choose different aggregators, whose values mean different things.
    monkeypatch.setattr(selection, "worth_comparing", lambda *_, **__: (SpamMixture(),))
    campaign = make_campaign(clips=CLIPS + 4, redundancy=10)
    chance = random.Random(1)  # noqa: S311 - answers of somebody who guesses
    tasks = list(campaign.tasks.order_by("pk")[:CLIPS])
    for person in people[:-1]:
        store_labels(tasks, person, [EMOTIONS[place % 4] for place in range(CLIPS)])
    store_labels(tasks, people[-1], [chance.choice(EMOTIONS) for _ in tasks])
    consensus.refresh(campaign, settle=True)
    return campaign


def label_the_rest(campaign: Campaign, people: list[User]) -> None:
    for place, task in enumerate(campaign.tasks.order_by("pk")[CLIPS:]):
        for person in people[:-1]:
            make_label(task, person, EMOTIONS[place % 4])
        make_label(task, people[-1], EMOTIONS[(place + 1) % 4])


def figures(campaign: Campaign) -> dict[int, tuple[float, float, int]]:
    rows = Reliability.objects.filter(campaign=campaign)
    return {
        who: (value, mean, n)
        for who, value, mean, n in rows.values_list("annotator", "value", "mean_weight", "n_labels")
    }


def test_an_update_moves_whoever_labelled_as_a_full_fit_would(
    campaign: Campaign, people: list[User]
) -> None:
    before = figures(campaign)
    label_the_rest(campaign, people)

    consensus.refresh(campaign)
    moved = figures(campaign)
    consensus.refresh(campaign, settle=True)

    for who, (value, mean, n) in figures(campaign).items():
        assert moved[who][2] == n == before[who][2] + 4
        assert moved[who][0] == pytest.approx(value, abs=0.02)
        assert moved[who][1] == pytest.approx(mean, abs=0.02)
    guesser = people[-1].pk
    assert moved[guesser][1] < before[guesser][1]


def test_a_label_moves_nobody_twice(campaign: Campaign, people: list[User]) -> None:
    label_the_rest(campaign, people)
    consensus.refresh(campaign)
    once = figures(campaign)

    consensus.refresh(campaign)

    assert figures(campaign) == once


def test_who_did_not_label_stays_where_they_were(campaign: Campaign, people: list[User]) -> None:
    before = figures(campaign)
    label_the_rest(campaign, people[1:])

    consensus.refresh(campaign)

    assert figures(campaign)[people[0].pk] == before[people[0].pk]


def test_a_newcomer_begins_as_people_are_in_general(campaign: Campaign) -> None:
    before = [value for value, _, _ in figures(campaign).values()]
    newcomer = make_annotator()
    make_label(campaign.tasks.order_by("pk")[0], newcomer, EMOTIONS[0])

    consensus.refresh(campaign)

    value, _, n = figures(campaign)[newcomer.pk]
    assert n == 1
    assert min(before) < value <= 1
    assert value == pytest.approx(sum(before) / len(before), abs=0.05)
