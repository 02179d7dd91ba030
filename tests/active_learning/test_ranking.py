"""The order of the queue: what is begun, the batch in its shares, the rest by chance."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from active_learning import ranking
from active_learning.computing import Outcome
from active_learning.ranking import Place, interleaved
from active_learning.snapshots import Candidate, Snapshot
from active_learning.strategies import Batch
from active_learning.weighting import balance, training_weights
from annotation import serving
from annotation.models import Campaign, Reason, Task
from tests.factories import make_annotator, make_campaign


@given(st.lists(st.sampled_from(["audit", "informative", "diverse"]), max_size=60))
def test_every_beginning_of_a_batch_holds_its_shares(reasons: list[str]) -> None:
    order = interleaved(reasons)

    assert sorted(order) == list(range(len(reasons)))
    for length in range(len(reasons) + 1):
        counts = Counter(reasons[pick] for pick in order[:length])
        for reason, total in Counter(reasons).items():
            assert abs(counts[reason] - length * total / len(reasons)) < 2


def test_within_a_reason_the_order_of_the_draw_stays() -> None:
    order = interleaved(["audit", "diverse", "audit", "diverse", "diverse"])

    assert [pick for pick in order if pick in (1, 3, 4)] == [1, 3, 4]


def test_a_person_with_many_clips_does_not_drown_the_others() -> None:
    weights = balance([1] * 10 + [2])

    assert weights[0] == pytest.approx(0.55)
    assert weights[-1] == 2.0


def test_certain_labels_weigh_more_and_ambiguity_costs_nothing() -> None:
    weights = training_weights(np.array([9.0, 3.0]), [1, 2], np.ones(2), 1.0)

    assert weights.tolist() == pytest.approx([0.9, 0.75])


@pytest.fixture
def ordered(db: None) -> Campaign:
    return make_campaign(clips=6, redundancy=2)


def write(campaign: Campaign, *places: Place) -> int:
    with transaction.atomic():
        return ranking.write(campaign, places, seed=1)


def keys(campaign: Campaign) -> list[int]:
    return list(campaign.tasks.most_wanted_first().values_list("pk", flat=True))


def test_the_batch_is_served_first(ordered: Campaign) -> None:
    last = ordered.tasks.get(pk=keys(ordered)[-1])

    write(ordered, Place(last.pk, 1.5, Reason.INFORMATIVE, 0.3))

    (assignment,) = serving.next_assignments(ordered, make_annotator())
    assert assignment.task_id == last.pk
    assert (assignment.reason, assignment.probability) == ("informative", 0.3)


def test_the_rest_stays_in_its_random_order(ordered: Campaign) -> None:
    before = keys(ordered)

    write(ordered, Place(before[3], 1.5, Reason.DIVERSE, 0.2))

    assert keys(ordered) == [before[3], *before[:3], *before[4:]]
    rest = ordered.tasks.filter(reason=Reason.REST)
    assert set(rest.values_list("probability", flat=True)) == {0.2}


def test_what_was_chosen_before_and_is_not_now_goes_back_among_the_rest(ordered: Campaign) -> None:
    first, second, *_ = keys(ordered)
    write(ordered, Place(first, 1.5, Reason.DIVERSE, 0.2))

    write(ordered, Place(second, 1.5, Reason.AUDIT, 0.4))

    demoted = Task.objects.get(pk=first)
    assert demoted.reason == Reason.REST
    assert 0 <= demoted.priority < 1


def test_what_is_begun_keeps_the_reason_it_was_begun_for(ordered: Campaign) -> None:
    task = keys(ordered)[-1]
    write(ordered, Place(task, 1.5, Reason.INFORMATIVE, 0.3))

    write(ordered, Place(task, 2.5))

    begun = Task.objects.get(pk=task)
    assert (begun.priority, begun.reason, begun.probability) == (2.5, Reason.INFORMATIVE, 0.3)


def test_a_task_that_was_filled_meanwhile_is_left_alone(ordered: Campaign) -> None:
    full = ordered.tasks.get(pk=keys(ordered)[0])
    Task.objects.filter(pk=full.pk).update(live=2)

    assert write(ordered, Place(full.pk, 1.5, Reason.AUDIT, 0.5)) == 0
    full.refresh_from_db()
    assert full.reason == Reason.RANDOM


def test_a_task_without_consent_gets_no_place(ordered: Campaign) -> None:
    blocked = keys(ordered)[0]
    Task.objects.filter(pk=blocked).update(cleared_until=None)

    assert write(ordered, Place(blocked, 1.5, Reason.AUDIT, 0.5)) == 0


def test_the_number_of_queries_does_not_grow_with_the_rest(db: None) -> None:
    counts = []
    for clips in (5, 50):
        campaign = make_campaign(clips=clips)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            write(campaign, Place(keys(campaign)[0], 1.5, Reason.AUDIT, 0.5))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def judged(n: int, *, batch_size: int = 20) -> tuple[Snapshot, Outcome]:
    """A snapshot whose last clips judge every round, and a batch of its first two."""
    pool = [
        Candidate(task, f"{task:064d}", "image", task, None, begun=False, test=task >= 4)
        for task in range(n)
    ]
    snapshot = Snapshot(
        ["a", "b"], 1, "logistic", "margin", 1.0, [0.5, 0.5], {}, batch_size, 0.15, 5, [], pool
    )
    batch = Batch(np.arange(2), np.array(["audit", "informative"]), np.array([0.1, 0.2]))
    return snapshot, Outcome(list(range(n)), np.zeros((0, 2)), np.ones(n, dtype=np.bool_), batch)


def test_clips_that_judge_every_round_are_asked_about_beside_the_batch() -> None:
    wanted = ranking.places(*judged(10))

    asked = {place.task: place.probability for place in wanted if place.reason == Reason.TEST}
    assert len(asked) == 2
    assert set(asked) <= {4, 5, 6, 7, 8, 9}
    assert sorted(filter(None, asked.values())) == pytest.approx([1 / 6, 1 / 5])
    assert {place.task for place in wanted} - set(asked) == {0, 1}


def test_few_clips_that_judge_are_all_asked_about() -> None:
    wanted = ranking.places(*judged(5, batch_size=100))

    assert [place.task for place in wanted if place.reason == Reason.TEST] == [4]


@pytest.fixture
def assisted(db: None, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A campaign that shows suggestions, which are stored two at a time."""
    monkeypatch.setattr(ranking, "SUGGESTED", 2)
    return make_campaign(
        clips=5, redundancy=2, options=["joy", "calm"], stages=["blind", "context", "assisted"]
    )


def suggest(campaign: Campaign, *, reason: str = "informative") -> dict[int, dict[str, float]]:
    """Suggest joy for the first task and ever less for the next; return what is stored."""
    tasks = list(campaign.tasks.order_by("pk").values_list("pk", flat=True))
    joy = np.linspace(1, 0, len(tasks))
    batch = Batch(np.zeros(1, np.intp), np.array([reason]), np.ones(1))
    predictions = np.column_stack([joy, 1 - joy])
    outcome = Outcome(tasks, predictions, np.ones(len(tasks), np.bool_), batch)
    ranking.suggest(campaign, outcome, lambda _share, _what: None)
    return {task.pk: task.suggestion or {} for task in campaign.tasks.order_by("pk")}


def test_every_task_that_wants_labels_is_told_what_the_learner_would_say(
    assisted: Campaign,
) -> None:
    stored = suggest(assisted)

    assert [said["joy"] for said in stored.values()] == [1.0, 0.75, 0.5, 0.25, 0.0]
    assert all(sum(said.values()) == 1 for said in stored.values())


def test_nothing_is_suggested_of_a_task_that_is_full_or_lost_its_consent(
    assisted: Campaign,
) -> None:
    full, gone, *others = assisted.tasks.order_by("pk")
    Task.objects.filter(pk=full.pk).update(live=2)
    Task.objects.filter(pk=gone.pk).update(cleared_until=None)

    stored = suggest(assisted)

    assert [task for task, said in stored.items() if said] == [task.pk for task in others]


def test_a_learner_that_may_not_choose_yet_suggests_nothing(assisted: Campaign) -> None:
    assert not any(suggest(assisted, reason=Reason.COLD_START).values())


def test_nothing_is_suggested_where_no_stage_shows_it(ordered: Campaign) -> None:
    assert not any(suggest(ordered).values())
