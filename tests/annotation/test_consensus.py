"""Labels become weights, distributions and states; the same labels, the same bytes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from annotation import consensus, jobs, reports, reports_annotators, serving
from annotation.agreement.alpha import alpha
from annotation.agreement.distances import Level
from annotation.models import (
    Campaign,
    Consensus,
    Fit,
    Label,
    Population,
    Reliability,
    Task,
)
from annotation.models.assignment import AGAIN
from annotation.probing import Turn
from consent import review
from jobs.models import Job
from tests.factories import (
    EMOTIONS,
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_collection,
    make_label,
    make_user,
    send,
)

VOTES = ["joy joy joy", "anger anger joy", "calm sadness joy", "sadness sadness sadness"]
CROWD = Population.CROWD


@pytest.fixture
def people(db: None) -> list[User]:
    return [make_annotator() for _ in range(3)]


@pytest.fixture
def campaign(people: list[User]) -> Campaign:
    """Four clips of two people with the votes above, and one without."""
    campaign = make_campaign(make_collection(clips=5, people=2), redundancy=4)
    for task, votes in zip(campaign.tasks.order_by("pk"), VOTES, strict=False):
        for annotator, vote in zip(people, votes.split(), strict=True):
            make_label(task, annotator, vote)
    return campaign


def of(task: Task) -> Consensus:
    return Consensus.objects.get(task=task)


def top(row: Consensus) -> str:
    return EMOTIONS[int(np.argmax(row.distribution))]


def figures(campaign: Campaign) -> list[dict[str, Any]]:
    rows = Consensus.objects.filter(task__campaign=campaign).order_by("task")
    names = ("task_id", "distribution", "weights", "effective_n", "entropy", "information", "state")
    return [{name: getattr(row, name) for name in names} for row in rows]


def withdraw_first(campaign: Campaign) -> None:
    person = campaign.tasks.order_by("pk")[0].clip.participants.get()
    review.withdraw(person.consents.get(), None)


def test_a_fit_says_what_each_task_adds_up_to(campaign: Campaign) -> None:
    assert consensus.refresh(campaign) == {"crowd": 4}

    tasks = campaign.tasks.order_by("pk")
    assert [top(of(task)) for task in (tasks[0], tasks[1], tasks[3])] == ["joy", "anger", "sadness"]
    assert all(sum(row.distribution) == pytest.approx(1) for row in Consensus.objects.all())
    assert of(tasks[2]).entropy > of(tasks[1]).entropy > of(tasks[0]).entropy


def test_every_label_that_stands_has_a_weight(campaign: Campaign) -> None:
    consensus.refresh(campaign)

    weighed = {int(key): w for row in Consensus.objects.all() for key, w in row.weights.items()}
    assert set(weighed) == set(Label.objects.values_list("pk", flat=True))
    assert all(0 <= weight <= 1 for weight in weighed.values())


def test_the_effective_number_is_the_sum_of_the_weights(campaign: Campaign) -> None:
    consensus.refresh(campaign)

    for row in Consensus.objects.all():
        assert row.effective_n == pytest.approx(sum(row.weights.values()), abs=1e-6)


def test_the_fit_says_how_it_was_chosen_and_how_far_people_agree(campaign: Campaign) -> None:
    consensus.refresh(campaign)

    fit = Fit.objects.get()
    assert (fit.n_labels, fit.n_tasks, fit.version) == (12, 4, consensus.VERSION)
    assert fit.alpha is not None
    assert fit.alpha_low is not None
    assert fit.alpha_high is not None
    assert fit.alpha_low <= fit.alpha <= fit.alpha_high
    assert fit.aggregator
    assert fit.reason


def test_each_annotator_gets_a_reliability(campaign: Campaign, people: list[User]) -> None:
    consensus.refresh(campaign)

    rows = Reliability.objects.order_by("annotator")
    assert [row.annotator for row in rows] == people
    assert {row.n_labels for row in rows} == {4}
    assert [row["annotator"] for row in reports_annotators.plain(campaign)] == [
        p.pk for p in people
    ]


def test_the_same_labels_give_the_same_bytes(campaign: Campaign) -> None:
    first = consensus.fit(campaign, CROWD)
    before = figures(campaign)

    second = consensus.fit(campaign, CROWD)

    assert first
    assert second
    assert first.sha256 == second.sha256
    assert figures(campaign) == before


def test_another_label_gives_other_bytes(campaign: Campaign) -> None:
    first = consensus.fit(campaign, CROWD)
    make_label(campaign.tasks.order_by("pk")[0], value="calm")

    second = consensus.fit(campaign, CROWD)

    assert first
    assert second
    assert first.sha256 != second.sha256


def test_an_update_writes_only_what_was_touched(campaign: Campaign) -> None:
    consensus.refresh(campaign)
    Fit.objects.update(seen_at=timezone.now())
    untouched = figures(campaign)[1:]
    make_label(campaign.tasks.order_by("pk")[0], value="anger")

    assert consensus.refresh(campaign) == {"crowd": 1}

    assert Fit.objects.count() == 1
    assert figures(campaign)[1:] == untouched
    assert of(campaign.tasks.order_by("pk")[0]).n_labels == 4


def test_an_update_says_what_the_fit_would_say_of_the_same_labels(campaign: Campaign) -> None:
    """At the same parameters: so the labels of the fit itself must come out as they were."""
    consensus.refresh(campaign)
    before = figures(campaign)
    Fit.objects.update(seen_at=timezone.now() - timedelta(days=1))
    Consensus.objects.update(distribution=[1, 0, 0, 0], weights={}, effective_n=0, entropy=0)

    consensus.update(Fit.objects.get())

    for row, was in zip(figures(campaign), before, strict=True):
        assert row["distribution"] == pytest.approx(was["distribution"], abs=1e-6)
        assert row["weights"] == pytest.approx(was["weights"], abs=1e-6)
        assert row["state"] == was["state"]


def test_a_task_that_gets_its_first_label_is_updated_in(campaign: Campaign) -> None:
    consensus.refresh(campaign)
    last = campaign.tasks.order_by("pk")[4]

    make_label(last, value="calm")
    consensus.refresh(campaign)

    assert top(of(last)) == "calm"


def test_many_new_labels_ask_for_a_new_fit(campaign: Campaign, monkeypatch: Any) -> None:
    consensus.refresh(campaign)
    monkeypatch.setattr(consensus, "DRIFT_LABELS", 1)
    for task in campaign.tasks.order_by("pk")[:3]:
        make_label(task)

    consensus.refresh(campaign)

    assert Fit.objects.count() == 2
    assert {row.fit_id for row in Consensus.objects.all()} == {Fit.objects.latest().pk}


def test_populations_never_mix(campaign: Campaign) -> None:
    task = campaign.tasks.order_by("pk")[0]
    make_label(task, make_user("expert"), "sadness")  # type: ignore[arg-type]

    assert consensus.refresh(campaign) == {"crowd": 4, "expert": 1}

    rows = {row.population: top(row) for row in Consensus.objects.filter(task=task)}
    assert rows == {"crowd": "joy", "expert": "sadness"}


def test_who_withdrew_is_not_heard(campaign: Campaign) -> None:
    withdraw_first(campaign)

    consensus.refresh(campaign)

    shown = set(campaign.tasks.cleared().values_list("pk", flat=True))
    assert 0 < Consensus.objects.count() < 4
    assert set(Consensus.objects.values_list("task", flat=True)) <= shown


def test_a_withdrawal_takes_the_task_out_of_the_next_fit(campaign: Campaign) -> None:
    consensus.refresh(campaign)
    withdraw_first(campaign)

    consensus.refresh(campaign, settle=True)

    assert set(Consensus.objects.values_list("task", flat=True)) <= set(
        campaign.tasks.cleared().values_list("pk", flat=True)
    )
    assert Fit.objects.latest().n_labels < 12


def test_late_labels_do_not_count(campaign: Campaign) -> None:
    annotator = make_annotator()
    (assignment,) = lease(campaign, annotator)
    with time_machine.travel(timezone.now() + timedelta(seconds=901)):
        result = send(campaign, annotator, answer_to(assignment))

    consensus.refresh(campaign)

    assert result.status == "late"
    assert Fit.objects.get().n_labels == 12


def test_what_many_could_not_rate_is_unrateable(people: list[User]) -> None:
    campaign = make_campaign(clips=1, redundancy=2)
    make_label(campaign.tasks.get())
    for annotator in people:
        (assignment,) = lease(campaign, annotator)
        send(campaign, annotator, answer_to(assignment, None, skip="cannot-tell"))

    consensus.refresh(campaign)

    assert Consensus.objects.get().state == "unrateable"


def test_who_skips_what_they_rated_before_leaves_it_rateable(people: list[User]) -> None:
    campaign = make_campaign(clips=1)
    task = campaign.tasks.get()
    for annotator in people:
        make_label(task, annotator)
        for probe in AGAIN:
            with transaction.atomic():
                member = serving.seat(campaign, annotator)
                (met,) = serving.assign(campaign, member, [Turn(task, probe)], timezone.now())
            send(campaign, annotator, answer_to(met, None, skip="cannot-tell"))

    consensus.refresh(campaign)

    assert Consensus.objects.get().state != "unrateable"


def test_one_label_is_no_agreement(db: None) -> None:
    campaign = make_campaign(clips=1)
    make_label(campaign.tasks.get())

    consensus.refresh(campaign)

    assert Fit.objects.get().alpha is None
    assert Consensus.objects.get().state == "open"


def test_nothing_said_is_nothing_written(db: None) -> None:
    assert consensus.refresh(make_campaign()) == {}
    assert not Fit.objects.exists()


def test_the_report_has_the_figures_by_population(campaign: Campaign) -> None:
    consensus.refresh(campaign)

    report = reports.agreement(campaign)

    assert report["options"] == EMOTIONS
    crowd = report["populations"]["crowd"]
    assert crowd["n_labels"] == 12
    assert sum(crowd["states"].values()) == 4
    assert set(crowd["held_out_log_likelihood"])


def waiting() -> list[dict[str, Any]]:
    return [job.args for job in Job.objects.filter(kind="consensus").order_by("pk")]


def test_new_labels_ask_for_a_job(campaign: Campaign) -> None:
    jobs.notice_labels()

    assert waiting() == [{"campaign": campaign.pk, "settle": False}]


def test_labels_that_rest_ask_for_a_full_fit(campaign: Campaign) -> None:
    run_consensus(campaign, settle=False)
    make_label(campaign.tasks.order_by("pk")[0])

    with time_machine.travel(timezone.now() + 2 * jobs.QUIET):
        jobs.notice_labels()
        assert waiting() == [{"campaign": campaign.pk, "settle": True}]
        run_consensus(campaign, settle=True)
        Job.objects.all().delete()
        jobs.notice_labels()

    assert waiting() == []
    assert Fit.objects.latest().n_labels == 13


def run_consensus(campaign: Campaign, *, settle: bool) -> None:
    jobs.refresh_consensus(Job(kind="consensus"), campaign=campaign.pk, settle=settle)


def test_labels_that_nobody_may_hear_ask_for_nothing(campaign: Campaign) -> None:
    for clip in campaign.collection.clips.all():
        for person in clip.participants.all():
            for consent in person.consents.filter(state="approved"):
                review.withdraw(consent, None)

    jobs.notice_labels()

    assert waiting() == []


def test_a_draft_asks_for_nothing(db: None) -> None:
    make_campaign(running=False)

    jobs.notice_labels()

    assert waiting() == []


def test_agreement_is_told_of_each_answer_against_the_rest(campaign: Campaign) -> None:
    consensus.refresh(campaign, settle=True)

    told = reports.agreement(campaign)["populations"]["crowd"]

    assert told["alpha_level"] == "nominal"
    assert set(told["alpha_per_category"]) == set(EMOTIONS)
    assert told["alpha_per_category"]["sadness"] > told["alpha_per_category"]["calm"]


def test_steps_of_a_scale_agree_by_their_ranks(people: list[User]) -> None:
    question = {
        "name": "tension",
        "instrument": "ordinal",
        "prompt": "How tense?",
        "levels": ["not at all", "somewhat", "very"],
    }
    campaign = make_campaign(clips=4, questions=[question])
    for task, steps in zip(
        campaign.tasks.order_by("pk"), ["112", "223", "333", "111"], strict=True
    ):
        for annotator, step in zip(people, steps, strict=True):
            make_label(task, annotator, int(step))

    consensus.refresh(campaign, settle=True)

    fit = campaign.fits.get()
    counts = [[2, 1, 0], [0, 2, 1], [0, 0, 3], [3, 0, 0]]
    assert fit.agreement["level"] == "ordinal"
    assert fit.alpha == pytest.approx(alpha(counts, Level.ORDINAL))
    assert alpha(counts, Level.ORDINAL) > alpha(counts)
    assert "ordered" in fit.scores


def test_labels_that_were_left_out_ask_for_no_fit_again_and_again(campaign: Campaign) -> None:
    campaign.members.update(heard=False)

    consensus.refresh(campaign, settle=True)

    assert not consensus.needs_refresh(campaign)
    assert not Consensus.objects.exists()
