"""What a round's row says of its learner, from labels to figures."""

from __future__ import annotations

from typing import Any

import pytest

from active_learning import held_out, rounds
from active_learning.models import Round, Trigger
from active_learning.records import load_snapshot
from annotation.models import Campaign, Population, Reason, Summary
from annotation.reports import latest_fit
from tests.active_learning.making import make_job, make_labels, make_seen_campaign

pytestmark = pytest.mark.django_db


def run(campaign: Campaign) -> Round:
    return rounds.run(campaign, Trigger.HAND, make_job(campaign))


@pytest.fixture
def seen() -> Campaign:
    """A campaign of 96 clips of twelve people, half of them labelled, picked by chance."""
    campaign = make_seen_campaign(clips=96, people=12, test_share=0.25, warm_up=5)
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:48]))
    return campaign


def test_the_learner_is_judged_by_people_whom_no_round_saw(seen: Campaign) -> None:
    row = run(seen)

    snapshot = load_snapshot(row)
    apart = held_out.sides(seen).held_out
    assert {one.person for one in snapshot.training if not one.held_out}.isdisjoint(apart)
    assert (row.metrics["n_training"], row.metrics["test"]["accuracy"]["n"]) == (36, 12)
    assert row.metrics["accuracy"]["n"] == 36
    assert row.metrics["test_why"] == ""
    assert row.n_labels == 36 * 3


def test_what_came_true_is_told_once_enough_clips_were_labelled(seen: Campaign) -> None:
    first = run(seen)
    later = list(seen.tasks.filter(live=0))
    make_labels(seen, later, reason=Reason.AUDIT)

    second = run(seen)

    assert first.metrics["foretold"] == {}
    assert second.metrics["foretold"]["since"] == 1
    assert second.metrics["foretold"]["accuracy"]["n"] >= 30


def test_with_few_people_the_round_says_why_nobody_is_kept_apart() -> None:
    campaign = make_seen_campaign(clips=24, people=3, warm_up=5)
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:16]))

    metrics = run(campaign).metrics

    assert (metrics["test"], metrics["control"]) == ({}, {})
    assert "3 groups" in metrics["test_why"]


def test_clips_are_grouped_by_how_strong_the_feeling_is(seen: Campaign) -> None:
    run(seen)
    fit = latest_fit(seen)
    tasks = list(seen.tasks.order_by("pk")[:48])

    def told(strength: float) -> dict[str, Any]:
        return {"n": 3, "dimensions": {"intensity": {"n": 3, "mean": strength, "spread": 0.0}}}

    Summary.objects.bulk_create(
        Summary(fit=fit, task=task, population=Population.CROWD, question="how", value=told(i))
        for i, task in enumerate(tasks)
    )

    snapshot = load_snapshot(run(seen))

    strengths = [row.traits["intensity"] for row in sorted(snapshot.training, key=lambda r: r.task)]
    assert strengths == ["weak"] * 24 + ["strong"] * 24
