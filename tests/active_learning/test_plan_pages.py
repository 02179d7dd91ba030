"""The pages of plans: asking by a form, and the answer with its advice."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from active_learning import plan_words
from active_learning.models import Plan
from active_learning.plans import MOST_WAITING
from tests.active_learning.planned import make_plan
from tests.factories import make_annotator, make_collection, make_researcher

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "clips": 120, "people": 12, "difficulty": "ferplus", "annotators": 12, "careless": 10,
    "labels_per_day": 200, "seconds_per_label": 12, "pay_per_hour": 12, "each": "3, 5",
    "least": 2, "most": 6, "strategy": "margin", "learner_reaches": 60,
}  # fmt: skip
PLANS = "active_learning:plans"


@pytest.fixture
def web() -> Client:
    client = Client()
    client.force_login(make_researcher())
    return client


def send(web: Client, **changes: Any) -> Any:
    return web.post(reverse(PLANS), FORM | changes)


def test_the_form_asks_what_the_api_would(web: Client) -> None:
    collection = make_collection(3)
    answer = send(web, collection=collection.pk)
    plan = Plan.objects.get()

    assert answer["Location"] == reverse("active_learning:plan", args=[plan.pk])
    assert plan.collection == collection
    assert plan.question["scenarios"] == [
        {"least": 3, "most": None}, {"least": 5, "most": None}, {"least": 2, "most": 6},
    ]  # fmt: skip
    assert (plan.question["careless"], plan.question["learner_reaches"]) == (0.1, 0.6)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"each": "three"}, "each"),
        ({"each": "", "least": "", "most": ""}, "each"),
        ({"each": "30"}, "each"),
        ({"least": ""}, "least"),
        ({"clips": ""}, "clips"),
        ({"difficulty": "alpha", "classes": 4}, "alpha"),
        ({"difficulty": "pilot:99"}, "difficulty"),
        ({"learner_reaches": ""}, "learner_reaches"),
        ({"careless": 80}, "careless"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    web: Client, changes: dict[str, Any], field: str
) -> None:
    answer = send(web, **changes)

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Plan.objects.exists()


def test_the_answer_shows_advice_figures_and_assumptions(web: Client) -> None:
    plan = make_plan(make_researcher(), learns=True)
    web.force_login(plan.owner)

    page = web.get(reverse("active_learning:plan", args=[plan.pk])).content.decode()

    assert 'class="plan-advice"' in page
    assert page.count("<svg") >= 3
    assert "adaptive, 2 to 5" in page
    assert "made-up vectors" in page
    assert "nobody is careless" in page


def test_advice_against_adaptive_labels_speaks_of_more_and_of_fewer(web: Client) -> None:
    plan = make_plan(make_researcher())
    told = plan.result or {}
    saved = {"value": -0.08, "low": -0.52, "high": 0.07}
    advice = {**told["advice"], "kind": "fixed", "scenario": 0, "of": 1, "saved": saved}

    assert "up to 52% more, and up to 7% fewer" in plan_words.advice({**told, "advice": advice})


def test_a_plan_fills_in_the_launch_form(web: Client) -> None:
    plan = make_plan(make_researcher(), collection=make_collection(3))
    web.force_login(plan.owner)

    answer = web.get(reverse("active_learning:plan", args=[plan.pk]))
    form = web.get(answer.context["rows"][1]["use"]).context["form"]

    assert (form["redundancy"].value(), form["most_labels"].value()) == ("2", "5")
    assert form["collection"].value() == str(plan.collection_id)


def test_a_plan_can_be_changed_and_asked_again(web: Client) -> None:
    plan = make_plan(make_researcher(), learns=True)
    web.force_login(plan.owner)

    form = web.get(reverse(PLANS), {"like": plan.pk}).context["form"]

    assert (form["each"].value(), form["least"].value(), form["most"].value()) == ("3", 2, 5)
    assert (form["careless"].value(), form["strategy"].value()) == ("10", "margin")


def test_a_plan_that_waits_asks_for_itself_again(web: Client) -> None:
    send(web)
    plan = Plan.objects.get()

    page = web.get(reverse("active_learning:plan", args=[plan.pk])).content.decode()
    part = web.get(reverse("active_learning:plan", args=[plan.pk]), headers={"HX-Request": "true"})

    assert 'hx-trigger="every 2s"' in page
    assert "<h1>" not in part.content.decode()


def test_a_plan_that_failed_says_why_and_what_to_do(web: Client) -> None:
    send(web)
    plan = Plan.objects.get()
    assert plan.job
    plan.job.state, plan.job.error = "failed", "The pilot is not there any more."
    plan.job.save()

    page = web.get(reverse("active_learning:plan", args=[plan.pk])).content.decode()

    assert "The pilot is not there any more." in page
    assert f"?like={plan.pk}" in page


def test_one_plan_too_many_is_refused_and_the_form_stays_filled_in(web: Client) -> None:
    for _ in range(MOST_WAITING):
        send(web)

    page = send(web).content.decode()

    assert "are not answered yet" in page
    assert 'value="3, 5"' in page


def test_an_annotator_plans_nothing(web: Client) -> None:
    web.force_login(make_annotator())

    assert web.get(reverse(PLANS)).status_code == 403


def test_anothers_plan_is_not_there(web: Client) -> None:
    plan = make_plan(make_researcher())

    assert web.get(reverse("active_learning:plan", args=[plan.pk])).status_code == 404


def test_an_address_with_nonsense_fills_in_nothing(web: Client) -> None:
    assert web.get(reverse(PLANS), {"like": "9" * 30, "collection": "x"}).status_code == 200
