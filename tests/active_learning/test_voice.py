"""What the learner foretold: heard as one more voice in a report, and held against who copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings

from accounts.models import User
from active_learning import copying, foretold, rounds, voice
from active_learning.models import Round, Trigger
from annotation import alarms
from annotation.models import AlarmKind, Campaign, Consensus, Label, Outcome
from jobs.models import Job
from tests.active_learning.making import DARK, LIGHT, make_job, make_labels, make_seen_campaign
from tests.annotation.api.calling import Caller
from tests.factories import make_annotator, make_label, store_labels

pytestmark = pytest.mark.django_db
LABELLED, CLIPS = 24, 84


@pytest.fixture
def learnt() -> Campaign:
    """A campaign of 84 clips, of which 24 were labelled before a round was run."""
    campaign = make_seen_campaign(clips=CLIPS, people=2, redundancy=8)
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:LABELLED]), each=5)
    rounds.run(campaign, Trigger.HAND, make_job(campaign))
    return campaign


def later(campaign: Campaign) -> list[Any]:
    return list(campaign.tasks.order_by("pk")[LABELLED:])


def test_a_round_keeps_what_it_foretold_of_clips_without_labels(learnt: Campaign) -> None:
    found = foretold.of(Round.objects.get())

    assert set(found) == {task.pk for task in later(learnt)}
    assert all(row.sum() == pytest.approx(1) for row in found.values())


def test_nothing_is_foretold_where_the_file_is_gone(learnt: Campaign) -> None:
    row = Round.objects.get()
    (Path(settings.LEARNER_ROOT) / row.manifest["foretold"]).unlink()

    assert foretold.of(row) == {}
    assert voice.hear(learnt, 0.5) is None


def test_the_learner_is_heard_of_clips_it_had_not_learnt_from(learnt: Campaign) -> None:
    make_labels(learnt, later(learnt)[:20], each=3)

    told = voice.hear(learnt, 0.5)

    assert told
    assert told.n_clips == 20
    people = np.array([row[1] for row in told.rows])
    both = np.array([row[2] for row in told.rows])
    assert both.sum(axis=1) == pytest.approx(np.ones(20), abs=1e-5)
    assert not np.allclose(people, both)


def test_a_learner_of_no_weight_changes_nothing(learnt: Campaign) -> None:
    make_labels(learnt, later(learnt)[:20], each=3)

    told = voice.hear(learnt, 0.0)

    assert told
    assert all(people == both for _, people, both, _ in told.rows)


def test_hearing_the_learner_stores_nothing(learnt: Campaign) -> None:
    make_labels(learnt, later(learnt)[:20], each=3)
    before = list(Consensus.objects.values_list("pk", "distribution"))

    voice.hear(learnt, 1.0)

    assert list(Consensus.objects.values_list("pk", "distribution")) == before


def test_the_report_is_read_over_http(learnt: Campaign) -> None:
    make_labels(learnt, later(learnt)[:20], each=3)
    caller = Caller(learnt.owner)
    address = f"campaigns/{learnt.pk}/with-learner/"

    document = caller.get(f"{address}?weight=1").json()

    assert (document["n_clips"], document["weight"]) == (20, 1)
    assert set(document["clips"][0]["with_learner"]) == {LIGHT, DARK}
    assert caller.get(f"{address}?weight=2").status_code == 422


def first_answers(campaign: Campaign) -> dict[int, str]:
    found = foretold.of(Round.objects.get(campaign=campaign))
    return {task: [LIGHT, DARK][int(row.argmax())] for task, row in found.items()}


def look(campaign: Campaign, echo: User) -> list[int]:
    """Let three people answer by chance and one as the learner, and look at them all."""
    learner = first_answers(campaign)
    chance = np.random.default_rng(0)
    crowd = [make_annotator() for _ in range(3)]
    tasks = later(campaign)
    for person in crowd:
        store_labels(tasks, person, [LIGHT if chance.random() < 0.5 else DARK for _ in tasks])
    store_labels(tasks, echo, [learner[task.pk] for task in tasks])
    copying.look(campaign)
    raised = campaign.alarms.filter(kind=AlarmKind.COPYING)
    return list(raised.values_list("annotator", flat=True))


def test_who_says_what_the_learner_foretold_is_looked_at(learnt: Campaign, annotator: User) -> None:
    assert look(learnt, annotator) == [annotator.pk]

    evidence = learnt.alarms.get().evidence
    assert evidence["agreed"] == 1
    assert evidence["agreed"] - evidence["expected"] > 0.1
    assert set(
        Label.objects.filter(pk__in=evidence["labels"]).values_list("annotator", flat=True)
    ) == {annotator.pk}


def test_after_a_decision_only_what_was_said_since_is_looked_at(
    learnt: Campaign, annotator: User
) -> None:
    look(learnt, annotator)
    found = learnt.alarms.get()
    alarms.rule(found, learnt.owner, Outcome.NOTHING, "They know these faces.")
    make_label(learnt.tasks.order_by("pk")[0], annotator, LIGHT)

    assert copying.look(learnt) == 0
    assert learnt.alarms.get() == found


def test_without_a_round_nobody_can_have_copied(annotator: User) -> None:
    campaign = make_seen_campaign(clips=6)
    make_label(campaign.tasks.order_by("pk")[0], annotator, LIGHT)

    assert copying.look(campaign) == 0
    assert not Job.objects.filter(kind="copying").exists()
