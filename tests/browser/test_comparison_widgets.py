"""Pairs and fours side by side: by keys, under the clips, and by their places in the task."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from annotation.models import Assignment, Campaign, Label
from tests.browser.conftest import OpenPage
from tests.browser.desk import PACE_MS, STATE, say
from tests.browser.test_dimension_widgets import complaints
from tests.browser.widgets import ask, show, stored, value, widget

pytestmark = pytest.mark.browser


def orders(campaign: Campaign) -> list[list[str]]:
    """Return the order on the screen of each comparison in hand, in the order of their serving."""
    held = Assignment.objects.filter(task__campaign=campaign).order_by("pk")
    return [one.options_order["felt"] for one in held]


def test_a_key_chooses_by_where_a_clip_stands(open_as: OpenPage) -> None:
    campaign = ask("pairwise", clips=3)
    page = show(open_as, campaign, None)
    expect(page.locator("label-desk")).to_have_attribute("data-hand", "2")
    expected = [order[1] for order in orders(campaign)[:2]]

    say(page, "2")
    page.wait_for_timeout(PACE_MS)
    say(page, "2")

    expect(page.locator("[data-slot=labelled]")).to_have_text("2")
    said = Label.objects.filter(task__campaign=campaign).order_by("pk")
    assert [label.value["felt"] for label in said] == expected


def test_the_button_under_a_clip_chooses_it(open_as: OpenPage) -> None:
    campaign = ask("pairwise")
    page = show(open_as, campaign, None)
    button = page.get_by_role("button", name="This one 1")

    button.click()

    expect(button).to_have_attribute("aria-pressed", "true")
    expected = orders(campaign)[0][0]
    assert stored(page, campaign) == expected


def test_no_difference_is_an_answer_by_touch(open_as: OpenPage, phone: BrowserContext) -> None:
    campaign = ask("pairwise")
    page = show(open_as, campaign, phone)
    assert value(page) is None

    page.get_by_text("No difference").tap()

    assert stored(page, campaign) == "tie"


def test_two_digits_choose_the_most_and_the_least(open_as: OpenPage) -> None:
    campaign = ask("best-worst", clips=4)
    page = show(open_as, campaign, None)
    order = orders(campaign)[0]

    say(page, "2")
    expect(page.locator("[data-slot=problem]")).to_have_text("Still to choose: Least.")
    say(page, "4")

    expect(page.locator(STATE)).to_have_text("Saved")
    said = Label.objects.filter(task__campaign=campaign).earliest("pk")
    assert said.value["felt"] == {"best": order[1], "worst": order[3]}


def test_no_clip_is_most_and_least(open_as: OpenPage) -> None:
    page = show(open_as, ask("best-worst", clips=4), None)

    for part in ("Most 3", "Least 3"):
        page.get_by_role("button", name=part).click()

    assert value(page)["best"] is None
    assert value(page)["worst"]


@pytest.mark.parametrize(
    ("instrument", "answer"),
    [("pairwise", "second"), ("best-worst", {"best": "third", "worst": "first"})],
)
def test_comparisons_restore_are_accessible_and_fit_a_phone(
    instrument: str, answer: object, open_as: OpenPage
) -> None:
    page = show(open_as, ask(instrument, clips=4), None)
    page.set_viewport_size({"width": 360, "height": 1400})

    widget(page).evaluate("(one, answer) => (one.value = answer)", answer)

    assert value(page) == answer
    assert complaints(page) == []
