"""Which keys a question has: each option is within reach; and how words of others are set."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotation.instruments import INSTRUMENTS
from annotation.models import Label
from tests.annotation.instruments.samples import SAMPLES
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.widgets import ask, show, value, widget

pytestmark = pytest.mark.browser

SURE = {"name": "sure", "instrument": "confidence", "prompt": "How sure are you?"}
MANY = [f"option {number}" for number in range(1, 17)]
# What the help says of a question's own keys, read as a person reads it.
HELP: dict[str, list[str]] = {
    "single-choice": ["1…3 choose an answer"],
    "graded-choices": [
        "1…3 go to a row; again raises its level",
        "↑ ↓ go to another row",
        "← → lower or raise the level",
        "Delete leave the row untouched",
    ],
    "primary-secondary": [
        "1…4 choose an answer",
        "← ↑ → ↓ go to another answer",
        "Space choose it or let it go",
    ],
    "distribution": [
        "1…3 give 10 points",
        "⇧1…⇧3 take 10 points away",
        "↑ ↓ mark another row",
        "← → 5 points less or more in the marked row",
    ],
    "emotion-wheel": [
        "← ↑ → ↓ go round the wheel, in and out",
        "Enter choose what you went to",
        "1…5 say how strong it is",
        "0 No emotion",
        "- Something else",
    ],
    "dimensions": ["1…9 answer in the marked row", "↑ ↓ mark another row"],
    "affect-grid": [
        "1…9 first the pleasantness, then the energy",
        "← ↑ → ↓ go from square to square",
    ],
    "ordinal": ["1…3 choose an answer"],
    "segments": ["1…3 begin a segment and end it, or hold", "Z take back the last change"],
    "trace": ["↑ ↓ move, for as long as it is held"],
    "pairwise": ["1…3 choose an answer"],
    "best-worst": ["1…4 answer in the marked row", "↑ ↓ mark another row"],
    "wish": [
        "1… answer in the marked row",
        "↑ ↓ mark another row",
        "← → go to another answer",
    ],
    "free-text": ["Ctrl Enter send, or go to the next question"],
    "confidence": ["1…5 say how sure you are"],
}


def asked(instrument: str, **keys: Any) -> dict[str, Any]:
    return {"name": "felt", "instrument": instrument, "prompt": "What is felt?", **keys}


def rows(page: Page) -> list[str]:
    """Open the help, and return what it says of the keys of what is asked."""
    page.get_by_role("button", name="Help").click()
    page.locator("#help").get_by_role("heading", name="Keys").wait_for()
    texts = page.locator("[data-slot=ownKeys] tr").all_inner_texts()
    return [" ".join(text.split()) for text in texts]


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_the_help_lists_the_keys_of_the_question(kind: str, open_as: OpenPage) -> None:
    given = SAMPLES[kind].keys if kind in SAMPLES else {}
    campaign = ask(kind, required=True, clips=4, **given)

    page = show(open_as, campaign, None)

    assert rows(page) == HELP[kind]


def test_the_help_says_shift_where_how_sure_one_is_rides_along(open_as: OpenPage) -> None:
    page = desk.open_desk(open_as, desk.asking([asked("single-choice", options=["a", "b"]), SURE]))

    assert rows(page) == ["1…2 choose an answer", "Shift 1…5 say how sure you are"]


@pytest.mark.parametrize("kind", ["single-choice", "graded-choices", "primary-secondary"])
def test_an_option_after_the_twelfth_has_a_key_beside_confidence(
    kind: str, open_as: OpenPage
) -> None:
    extras = ["none", "other", "unclear", "not-enough-context"]
    question = asked(kind, options=MANY[:12], extras=extras, shuffle=False)
    page = desk.open_desk(open_as, desk.asking([question, SURE]))
    assert rows(page) == [rows_of(kind)[0].replace("N", "⇧4"), *rows_of(kind)[1:]]
    page.keyboard.press("Escape")

    for key in ["Shift+Digit4", "Shift+Digit4"][: 2 if kind == "graded-choices" else 1]:
        page.keyboard.press(key)

    assert "not-enough-context" in str(
        [name for name, level in value(page).items() if level]
        if kind == "graded-choices"
        else value(page)
    )


def rows_of(kind: str) -> list[str]:
    return [HELP[kind][0].replace("…3", "…N").replace("…4", "…N"), *HELP[kind][1:]]


def test_points_are_taken_away_beside_confidence_which_comes_after_by_itself(
    open_as: OpenPage,
) -> None:
    question = asked("distribution", options=["joy", "calm"], shuffle=False)
    page = desk.open_desk(open_as, desk.asking([question, SURE]))
    expect(page.get_by_text("1 of 2")).to_be_visible()

    for key in ["1"] * 10 + ["Shift+Digit1", "2"]:
        page.keyboard.press(key)
    desk.say(page)
    desk.say(page, "4")

    expect(page.locator(desk.STATE)).to_have_text("Saved")
    label = Label.objects.latest("pk")
    assert label.value == {"felt": {"joy": 90, "calm": 10}, "sure": 4}


def test_each_way_out_of_a_wheel_has_a_key(open_as: OpenPage) -> None:
    extras = ["none", "other", "unclear", "not-enough-context"]
    page = show(open_as, ask("emotion-wheel", extras=extras), None)

    found = []
    for key in ("9", "0", "-", "="):
        page.keyboard.press(key)
        found.append(value(page)["emotion"])

    assert found == extras


def test_two_questions_of_how_sure_one_is_are_both_within_reach(open_as: OpenPage) -> None:
    again = {**SURE, "name": "again"}
    question = asked("single-choice", options=["a", "b"])
    page = desk.open_desk(open_as, desk.asking([question, SURE, again]))

    for key in ("1", "Shift+Digit2"):
        page.keyboard.press(key)
    page.wait_for_timeout(desk.PACE_MS)
    desk.say(page, "5")

    expect(page.locator(desk.STATE)).to_have_text("Saved")
    value_ = Label.objects.latest("pk").value
    assert (value_["sure"], value_["again"]) == (2, 5)


QUICK = {"distribution", "free-text", "graded-choices", "segments", "trace", "wish"}


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_sending_at_once_is_offered_where_one_choice_ends_the_answer(
    kind: str, open_as: OpenPage
) -> None:
    given = SAMPLES[kind].keys if kind in SAMPLES else {}
    page = show(open_as, ask(kind, required=True, clips=4, **given), None)

    offered = page.get_by_label("Send as soon as I choose")

    expect(offered).to_be_visible(visible=kind not in QUICK)


def test_sliders_do_not_offer_to_send_at_once(open_as: OpenPage) -> None:
    campaign = ask("dimensions", dimensions=["valence"], scale="slider")
    page = show(open_as, campaign, None)

    expect(page.get_by_label("Send as soon as I choose")).to_be_hidden()


def test_a_run_of_typing_is_one_change(open_as: OpenPage) -> None:
    campaign = ask("free-text", required=True)
    page = show(open_as, campaign, None)
    words = page.get_by_role("textbox")

    words.press_sequentially("She looks")
    words.blur()
    words.press_sequentially(" away, and back.")
    page.keyboard.press("Control+Enter")

    expect(page.locator(desk.STATE)).to_have_text("Saved")
    assert Label.objects.get(task__campaign=campaign).changes == 1


def test_a_slider_that_is_dragged_is_one_change(open_as: OpenPage) -> None:
    campaign = ask("dimensions", dimensions=["valence"], scale="slider")
    page = show(open_as, campaign, None)
    box = widget(page).locator("input").bounding_box()
    assert box

    for start, end in ((0.3, 0.8), (0.8, 0.4)):
        page.mouse.move(box["x"] + box["width"] * start, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * end, box["y"] + box["height"] / 2, steps=10)
        page.mouse.up()
    desk.say(page)

    expect(page.locator(desk.STATE)).to_have_text("Saved")
    assert Label.objects.get(task__campaign=campaign).changes == 1


def test_an_arabic_question_on_an_english_page_runs_from_right_to_left(open_as: OpenPage) -> None:
    options = [{"value": "joy", "text": "الفرح!"}, {"value": "calm", "text": "Calm!"}]
    question = asked("single-choice", options=options, prompt="بماذا يشعر هذا الشخص؟")
    page = desk.open_desk(open_as, desk.asking([question]))

    def direction(text: str) -> str:
        found = page.locator("[data-question=felt]").get_by_text(text, exact=True)
        return str(found.evaluate("one => getComputedStyle(one).direction"))

    assert direction("بماذا يشعر هذا الشخص؟") == "rtl"
    assert (direction("الفرح!"), direction("Calm!")) == ("rtl", "ltr")
