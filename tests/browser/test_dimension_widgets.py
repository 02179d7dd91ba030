"""Dimensions on points and on sliders, and the affect grid: pointer, keys, touch, and no answer."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_pages import violations
from tests.browser.widgets import OUTSIDE, ask, show, stored, value, widget

pytestmark = pytest.mark.browser
TRACE = {"events": [[0.1, 1000.0, 0.2], [4.0, 5000.0, -0.5]], "log": [["play", 990.0, 0.0]]}
# A question of each kind, and an answer to it.
EVERY: list[tuple[dict[str, Any], Any]] = [
    ({"instrument": "dimensions"}, {"valence": 8, "arousal": 2, "dominance": None}),
    (
        {"instrument": "dimensions", "scale": "slider"},
        {"valence": 0.35, "arousal": -0.8, "dominance": None},
    ),
    ({"instrument": "affect-grid"}, {"valence": 7, "arousal": 3}),
    (
        {"instrument": "segments", "options": ["Smile", "Frown"]},
        [{"start": 0.5, "end": 1.7, "category": "Smile"}],
    ),
    ({"instrument": "trace", "range": "relative"}, TRACE),
]
by_kind = pytest.mark.parametrize(("question", "answer"), EVERY, ids=lambda q: str(q)[:40])


def test_a_point_for_each_dimension_is_stored(open_as: OpenPage) -> None:
    campaign = ask("dimensions", points=5, dimensions=["valence", "arousal"])
    page = show(open_as, campaign, None)

    page.get_by_role("group", name="Valence").get_by_text("4", exact=True).last.click()
    page.get_by_role("group", name="Arousal").get_by_text("1", exact=True).last.click()

    assert stored(page, campaign) == {"valence": 4, "arousal": 1}


def test_a_dimension_that_was_left_alone_is_null(open_as: OpenPage) -> None:
    page = show(open_as, ask("dimensions", points=7, required=False), None)

    page.get_by_role("group", name="Arousal").get_by_text("7", exact=True).last.click()
    page.get_by_role("button", name="Next").click()

    assert value(page) == {"valence": None, "arousal": 7, "dominance": None}
    expect(page.get_by_text("2 of 2")).to_be_visible()


def test_digits_go_from_dimension_to_dimension(open_as: OpenPage) -> None:
    campaign = ask("dimensions")
    page = show(open_as, campaign, None)

    for key in ("8", "2", "ArrowUp", "3", "5"):
        page.keyboard.press(key)

    assert stored(page, campaign) == {"valence": 8, "arousal": 3, "dominance": 5}


def test_dimensions_left_out_are_named(open_as: OpenPage) -> None:
    page = show(open_as, ask("dimensions"), None)
    assert value(page) is None

    page.keyboard.press("8")
    page.keyboard.press("Enter")

    expect(page.locator("[data-slot=problem]")).to_have_text("Still to answer: Arousal, Dominance.")


def test_a_slider_has_no_value_until_it_is_moved(open_as: OpenPage) -> None:
    campaign = ask("dimensions", scale="slider", dimensions=["valence"])
    page = show(open_as, campaign, None)
    slider = page.get_by_role("slider", name="Valence")
    assert value(page) is None
    expect(slider).to_have_attribute("aria-valuetext", "not set yet")

    slider.focus()
    page.keyboard.press("ArrowLeft")

    expect(slider).to_have_attribute("aria-valuetext", "unpleasant 0.05")
    assert stored(page, campaign) == {"valence": -0.05}


def test_a_touch_in_the_middle_of_a_slider_is_an_answer(
    open_as: OpenPage, phone: BrowserContext
) -> None:
    page = show(open_as, ask("dimensions", scale="slider", dimensions=["arousal"]), phone)

    page.get_by_role("slider", name="Arousal").tap()

    assert value(page)["arousal"] == pytest.approx(0, abs=0.02)
    page.get_by_role("button", name="Clear").tap()
    assert value(page) is None


def test_one_touch_in_the_grid_is_both_dimensions(open_as: OpenPage, phone: BrowserContext) -> None:
    campaign = ask("affect-grid")
    page = show(open_as, campaign, phone)

    page.get_by_role("radio", name="Pleasantness 7 of 9, energy 3 of 9").tap()

    expect(page.get_by_text("Pleasantness 7 of 9, energy 3 of 9.")).to_be_visible()
    assert stored(page, campaign) == {"valence": 7, "arousal": 3}


def test_arrows_walk_over_the_grid_from_its_middle(open_as: OpenPage) -> None:
    page = show(open_as, ask("affect-grid"), None)
    assert value(page) is None

    for key in ("ArrowRight", "ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)

    assert value(page) == {"valence": 7, "arousal": 7}


def test_two_digits_are_a_square_of_the_grid(open_as: OpenPage) -> None:
    campaign = ask("affect-grid")
    page = show(open_as, campaign, None)

    page.keyboard.press("2")
    expect(page.get_by_text("Pleasantness 2 of 9. Now the energy.")).to_be_visible()
    page.keyboard.press("9")

    assert stored(page, campaign) == {"valence": 2, "arousal": 9}


@by_kind
def test_an_answer_that_is_restored_is_the_same(
    question: dict[str, Any], answer: Any, open_as: OpenPage
) -> None:
    page = show(open_as, ask(**question), None)
    assert value(page) is None

    widget(page).evaluate("(one, answer) => (one.value = answer)", answer)

    assert value(page) == answer
    widget(page).evaluate("one => (one.value = null)")
    assert value(page) is None


@by_kind
def test_widgets_are_accessible_and_fit_a_phone(
    question: dict[str, Any], answer: Any, open_as: OpenPage
) -> None:
    page = show(open_as, ask(**question), None)
    # High enough that nothing is half behind the buttons, which axe takes for a small target.
    page.set_viewport_size({"width": 360, "height": 1400})

    assert complaints(page) == []
    widget(page).evaluate("(one, answer) => (one.value = answer)", answer)
    assert complaints(page) == []


def complaints(page: Page) -> list[str]:
    """Return what axe finds in light and dark, and what is too wide in either direction."""
    found: list[str] = []
    for scheme, direction in (("light", "ltr"), ("dark", "rtl")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate("dir => { document.documentElement.dir = dir; }", direction)
        found += violations(page) + page.evaluate(OUTSIDE)
    page.evaluate("() => { document.documentElement.dir = 'ltr'; }")
    return found
