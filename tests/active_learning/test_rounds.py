"""A round from labels to the order of the queue, killed at every step, and gated by consent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from active_learning import (
    first_labels,
    gathering,
    holding,
    jobs,
    ranking,
    rounds,
    training_set,
    triggering,
)
from active_learning.models import Round, RoundState, Step, Trigger
from active_learning.records import load_snapshot
from active_learning.strategies import lure_weights
from annotation.models import Campaign, Population, Reason
from audit.models import Event
from consent import review
from consent.models import Consent, Participant, Purpose
from jobs.claims import LeaseLostError
from jobs.models import Job
from jobs.running import run_due
from tests.active_learning.making import DARK, LIGHT, make_job, make_labels, make_seen_campaign
from tests.factories import make_consenting_participant

pytestmark = pytest.mark.django_db

STEPS = [step for step in Step if step != Step.DONE]


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def seen(db: None) -> Campaign:
    """A campaign in which 24 of 36 clips have five labels each, picked by chance."""
    campaign = make_seen_campaign(clips=36, people=2, redundancy=5)
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:24]), each=5)
    return campaign


def run(campaign: Campaign, job: Job | None = None, watch: Any = None) -> Round:
    return rounds.run(campaign, Trigger.HAND, job or make_job(campaign), watch)


def queue(campaign: Campaign) -> list[Any]:
    tasks = campaign.tasks.wanting_labels().most_wanted_first()
    return list(tasks.values_list("pk", "priority", "reason", "probability"))


def killer(at: Step) -> Any:
    def watch(step: Step, found: str) -> None:
        if step == at:
            raise Killed

    return watch


@contextmanager
def undone() -> Iterator[None]:
    """Take back everything that is stored within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def withdraw(task: Any) -> None:
    for person in task.clip.participants.all():
        review.withdraw(Consent.objects.get(participant=person, state="approved"), None)


def test_a_round_learns_and_orders_the_queue(seen: Campaign) -> None:
    row = run(seen)

    assert (row.state, row.step, row.n_labels) == (RoundState.DONE, Step.DONE, 120)
    assert row.metrics["cold_start"] == ""
    assert row.metrics["accuracy"]["value"] > row.metrics["base_rate_accuracy"]["value"] + 0.2
    assert row.metrics["accuracy"]["n"] == row.metrics["n_training"] == 24
    first = seen.tasks.wanting_labels().most_wanted_first()[0]
    assert first.reason in {Reason.INFORMATIVE, Reason.DIVERSE, Reason.AUDIT}


def test_every_waiting_task_has_a_reason_and_a_probability(seen: Campaign) -> None:
    run(seen)

    assert len(queue(seen)) == 12
    for _, _, reason, probability in queue(seen):
        assert reason != Reason.RANDOM
        assert 0 < probability <= 1


def test_finished_tasks_keep_the_reason_they_were_labelled_for(seen: Campaign) -> None:
    run(seen)

    assert seen.tasks.filter(live=5, reason=Reason.RANDOM).count() == 24


def test_the_start_and_the_end_are_in_the_log(seen: Campaign) -> None:
    run(seen)

    verbs = Event.objects.filter(verb__startswith="round.").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["round.started", "round.finished"]


def test_the_snapshot_holds_every_label_with_its_weight(seen: Campaign) -> None:
    row = run(seen)

    labels = [key for example in load_snapshot(row).training for key in example.labels]
    assert sorted(map(int, labels)) == sorted(seen.labels.values_list("pk", flat=True))
    assert row.manifest["purpose"] == seen.purpose
    assert row.manifest["versions"]["numpy"]


def test_the_manifest_counts_the_consents_that_allow_the_learner_and_names_nobody(
    seen: Campaign,
) -> None:
    people = Participant.objects.filter(clips__tasks__campaign=seen).distinct()
    wider = [Purpose.METHOD_DEVELOPMENT.value, seen.purpose]
    Consent.objects.filter(participant=people[0]).update(purposes=wider)

    forms = run(seen).manifest["consents"]

    assert sum(form["people"] for form in forms) == people.count()
    assert [form["people"] for form in forms if form["purposes"] == sorted(wider)] == [1]
    assert all(
        form.keys() == {"form", "version", "form_sha256", "purposes", "people"} for form in forms
    )


def test_a_round_killed_at_any_step_ends_as_an_undisturbed_one(seen: Campaign) -> None:
    with undone():
        wanted = run(seen).output_sha256
        order = queue(seen)
    before = queue(seen)

    for step in STEPS:
        with undone():
            job = make_job(seen)
            with pytest.raises(Killed):
                run(seen, job, killer(step))
            assert queue(seen) == before
            assert Round.objects.get().step == step
            row = run(seen, job)
            assert (row.number, row.output_sha256) == (1, wanted)
            assert queue(seen) == order


def test_a_kill_while_priorities_are_written_leaves_none_of_them(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, job = queue(seen), make_job(seen)
    write = ranking.write

    def write_and_die(*args: Any) -> int:
        write(*args)
        raise Killed

    monkeypatch.setattr(ranking, "write", write_and_die)
    with pytest.raises(Killed):
        run(seen, job)

    assert queue(seen) == before
    assert Round.objects.get().state == RoundState.RUNNING


def test_a_second_round_is_refused_while_one_is_alive(seen: Campaign) -> None:
    with pytest.raises(Killed):
        run(seen, make_job(seen), killer(Step.FIT))
    other = Job.objects.create(kind="round", state=Job.State.RUNNING, claim="other")

    with pytest.raises(holding.RoundRunningError, match="Round 1 is being run"):
        run(seen, other)


def test_another_job_takes_over_when_the_lease_ran_out(seen: Campaign) -> None:
    with pytest.raises(Killed):
        run(seen, make_job(seen), killer(Step.PREDICT))
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    row = run(seen, make_job(seen))

    assert (row.number, row.state) == (1, RoundState.DONE)


def test_a_worker_that_lost_its_job_puts_nothing_in_force(seen: Campaign) -> None:
    before, job = queue(seen), make_job(seen)

    def lose(step: Step, found: str) -> None:
        if step == Step.RANK:
            Job.objects.update(claim="another worker")

    with pytest.raises(LeaseLostError):
        run(seen, job, lose)
    assert queue(seen) == before


def test_a_round_whose_snapshot_is_gone_is_marked_failed(seen: Campaign) -> None:
    job = make_job(seen)
    with pytest.raises(Killed):
        run(seen, job, killer(Step.FEATURES))
    for file in settings.LEARNER_ROOT.rglob("*.jsonl.gz"):
        file.unlink()

    with pytest.raises(rounds.RoundFailedError, match="cannot be read"):
        run(seen, job)

    assert Round.objects.get().state == RoundState.FAILED
    assert Event.objects.filter(verb="round.failed").count() == 1


def test_a_lost_learner_is_fitted_again(seen: Campaign) -> None:
    with undone():
        wanted = run(seen).output_sha256
    job = make_job(seen)
    with pytest.raises(Killed):
        run(seen, job, killer(Step.EVALUATE))
    for file in settings.LEARNER_ROOT.rglob("*.skops"):
        file.write_bytes(b"damaged")

    assert run(seen, job).output_sha256 == wanted


def test_a_round_that_nobody_goes_on_with_is_closed(seen: Campaign) -> None:
    with pytest.raises(Killed):
        run(seen, make_job(seen), killer(Step.FIT))
    Job.objects.update(state=Job.State.PARKED, error="The worker died at each of 5 attempts.")

    jobs.notice_due_rounds()

    row = Round.objects.get()
    assert (row.state, row.error) == (RoundState.FAILED, "The worker died at each of 5 attempts.")


def test_a_clip_without_consent_is_neither_read_nor_learned_nor_predicted(seen: Campaign) -> None:
    labelled = seen.tasks.filter(live=5)[0]
    withdraw(labelled)
    blocked = seen.tasks.filter(cleared_until=None)
    for task in blocked:
        task.clip.media_path.unlink()

    row = run(seen)

    assert blocked.filter(live=0).exists()
    assert row.metrics["unreadable"] == []
    assert not load_snapshot(row).tasks & set(blocked.values_list("pk", flat=True))
    assert len(list(settings.FEATURE_ROOT.rglob("*.npy"))) == 36 - blocked.count()


def test_a_consent_withdrawn_during_training_fails_the_round(seen: Campaign) -> None:
    before, job = queue(seen), make_job(seen)

    def withdraw_late(step: Step, found: str) -> None:
        if step == Step.RANK and not found:
            withdraw(seen.tasks.filter(live=5)[0])

    with pytest.raises(rounds.ConsentLostError, match="no longer consented"):
        run(seen, job, withdraw_late)

    row = Round.objects.get()
    assert (row.state, row.step) == (RoundState.FAILED, Step.RANK)
    assert not list(settings.LEARNER_ROOT.rglob("*.skops"))
    assert {task for task, *_ in queue(seen)} == {task for task, *_ in before}
    assert queue(seen) == before


def test_a_candidate_that_loses_consent_gets_no_place(seen: Campaign) -> None:
    lonely = seen.tasks.filter(live=0)[0]
    stranger = make_consenting_participant()
    lonely.clip.participants.set([stranger])

    def withdraw_late(step: Step, found: str) -> None:
        if step == Step.RANK and not found:
            withdraw(lonely)

    row = run(seen, make_job(seen), withdraw_late)

    lonely.refresh_from_db()
    assert row.state == RoundState.DONE
    assert (lonely.cleared_until, lonely.reason) == (None, Reason.REST)


def test_a_withdrawal_asks_for_a_new_round(seen: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    triggering.enqueue_round(seen, Trigger.HAND)
    gather = gathering.gather

    def gather_late(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(gathering, "gather", gather)
        withdraw(seen.tasks.filter(live=5)[0])
        return gather(*args, **kwargs)

    monkeypatch.setattr(gathering, "gather", gather_late)
    run_due()

    states = Round.objects.order_by("number").values_list("number", "state", "trigger")
    assert list(states) == [(1, "failed", "hand"), (2, "done", "consent")]


def test_without_labels_the_round_spreads_out() -> None:
    campaign = make_seen_campaign(clips=30)

    row = run(campaign)

    assert row.metrics["accuracy"] == {"value": None, "low": None, "high": None, "n": 0}
    assert "two classes" in row.metrics["cold_start"]
    assert (row.state, row.learner) == (RoundState.DONE, "")
    assert campaign.tasks.filter(reason=Reason.COLD_START).exists()


def test_labels_of_one_class_are_no_ground_for_a_learner() -> None:
    campaign = make_seen_campaign(clips=30)
    make_labels(campaign, list(campaign.tasks.all()[:10]), value=LIGHT)

    row = run(campaign)

    assert (row.state, row.learner, row.metrics["n_training"]) == (RoundState.DONE, "", 10)


def test_few_labels_make_a_learner_that_may_not_choose_yet() -> None:
    campaign = make_seen_campaign(clips=40)
    make_labels(campaign, list(campaign.tasks.most_wanted_first()[:16]), each=2)

    row = run(campaign)

    assert row.learner
    assert row.metrics["cold_start"] == "A class has fewer than 50 labels."
    assert not campaign.tasks.filter(reason=Reason.INFORMATIVE).exists()


def test_an_undecodable_clip_is_skipped_and_named(seen: Campaign) -> None:
    broken = seen.tasks.filter(live=0)[0]
    broken.clip.media_path.write_text("no picture")

    row = run(seen)

    broken.refresh_from_db()
    assert row.metrics["unreadable"] == [broken.clip.external_id]
    assert broken.reason == Reason.REST


def test_only_clips_picked_by_chance_judge_the_learner(seen: Campaign) -> None:
    chosen = list(seen.tasks.filter(live=0)[:8])
    make_labels(seen, chosen, each=5, reason=Reason.INFORMATIVE)

    row = run(seen)

    assert (row.metrics["n_training"], row.metrics["accuracy"]["n"]) == (32, 24)


def test_the_second_round_weighs_clips_by_how_likely_they_were() -> None:
    campaign = make_seen_campaign(clips=40, round_every=20)
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:4]))
    batch = run(campaign).manifest["batch"]
    make_labels(campaign, list(campaign.tasks.filter(pk__in=batch["tasks"])), reason="cold-start")

    firsts = first_labels.of(campaign, Population.CROWD)
    weights = first_labels.lure(campaign, firsts)

    expected = lure_weights(np.array(batch["probabilities"]), 36)
    assert weights == dict(zip(batch["tasks"], expected, strict=True))
    assert expected.max() > 1.05 * expected.min()


def test_what_is_begun_is_finished_before_anything_new(seen: Campaign) -> None:
    begun = seen.tasks.filter(live=0)[0]
    make_labels(seen, [begun], each=1)

    run(seen)

    first = seen.tasks.wanting_labels().most_wanted_first()[0]
    assert (first.pk, first.reason) == (begun.pk, Reason.RANDOM)


def test_a_round_with_clips_of_one_person_is_held_out_by_clip() -> None:
    campaign = make_seen_campaign(clips=20, people=1)
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:16]))

    row = run(campaign)

    assert row.metrics["held_out_by"] == "clip"
    assert row.metrics["accuracy"]["low"] is None


def test_a_round_is_due_after_so_many_labels() -> None:
    campaign = make_seen_campaign(clips=10, round_every=12)
    make_labels(campaign, list(campaign.tasks.all()[:3]))
    assert triggering.due(campaign) is None

    make_labels(campaign, list(campaign.tasks.all()[3:4]))

    assert triggering.due(campaign) == Trigger.LABELS


def test_a_round_is_due_after_so_many_hours_if_a_label_came() -> None:
    campaign = make_seen_campaign(clips=4, round_hours=6)
    Campaign.objects.update(started_at=timezone.now() - timedelta(hours=7))
    campaign.refresh_from_db()
    assert triggering.due(campaign) is None

    make_labels(campaign, list(campaign.tasks.all()[:1]))

    assert triggering.due(campaign) == Trigger.SCHEDULE


def test_the_hours_count_from_when_the_last_round_began() -> None:
    campaign = make_seen_campaign(clips=4, round_hours=6)
    make_labels(campaign, list(campaign.tasks.all()[:1]))
    fields = {"number": 1, "seed": 1, "trigger": Trigger.HAND, "state": RoundState.DONE}
    campaign.rounds.create(**fields, started_at=timezone.now() - timedelta(hours=5))
    assert triggering.due(campaign) is None

    Round.objects.update(started_at=timezone.now() - timedelta(hours=6))

    assert triggering.due(campaign) == Trigger.SCHEDULE


def test_the_job_runs_a_due_round_once(seen: Campaign) -> None:
    seen.round_every = 100
    seen.save()

    for _ in range(2):
        jobs.notice_due_rounds()
        run_due()

    assert Round.objects.get().state == RoundState.DONE
    assert Job.objects.get(kind="round").state == Job.State.DONE


def test_a_batch_lasts_until_the_next_round_is_through() -> None:
    campaign = make_seen_campaign(clips=2, redundancy=3, round_every=200)

    assert training_set.batch_size(campaign) == 100


def test_dark_clips_are_told_from_light_ones(seen: Campaign) -> None:
    row = run(seen)

    assert load_snapshot(row).classes == [LIGHT, DARK]
    assert row.metrics["log_loss"]["value"] < 0.6
