"""What a screen reader is told of every kind of question, before and after an answer."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from annotation.instruments import INSTRUMENTS
from tests.annotation.instruments.samples import SAMPLES
from tests.browser.conftest import OpenPage
from tests.browser.widgets import ask, show

pytestmark = pytest.mark.browser


class Told(NamedTuple):
    """What is told before the keys were pressed, and after; indented under the question."""

    before: str
    keys: list[str]
    after: str
    asked: dict[str, Any] = {}


FIXED = {"options": ["joy", "sadness", "anger"], "shuffle": False}
SLIDER: dict[str, Any] = {"dimensions": ["valence"], "scale": "slider"}
TOLD = {
    "single-choice": Told(
        '- radio "joy"\n- radio "sadness"\n- radio "anger"',
        ["2"],
        '- radio "joy"\n- radio "sadness" [checked]\n- radio "anger"',
        FIXED,
    ),
    "graded-choices": Told(
        '- radiogroup "joy":\n  - radio "not at all"\n  - radio "a little"',
        ["1", "1"],
        '- radiogroup "joy":\n  - radio "not at all"\n  - radio "a little" [checked]',
        FIXED,
    ),
    "primary-secondary": Told(
        '- checkbox "joy"\n- checkbox "sadness"\n- checkbox "anger"',
        ["3", "1"],
        '- checkbox "joy the second one" [checked]\n- checkbox "sadness"\n'
        '- checkbox "anger the main one" [checked]',
        FIXED,
    ),
    "distribution": Told(
        '- status: 100 points left\n- slider "joy": "0"\n- spinbutton "joy"',
        ["1"],
        '- status: 90 points left\n- slider "joy": "10"\n- spinbutton "joy": "10"',
        FIXED,
    ),
    "emotion-wheel": Told(
        '- radiogroup "Emotion":\n  - radio "Interest"\n- status: Nothing chosen yet\n'
        '- radiogroup "How strong":\n  - radio "1 weak"',
        ["ArrowRight", "2"],
        '- radiogroup "Emotion":\n  - radio "Interest" [checked]\n- status: Interest · 2 of 5\n'
        '- radiogroup "How strong":\n  - radio "1 weak"\n  - radio "2" [checked]',
    ),
    "dimensions": Told(
        '- group "Valence":\n  - radio "1 unpleasant"\n  - radio "9 pleasant"',
        ["9"],
        '- group "Valence":\n  - radio "1 unpleasant"\n  - radio "9 pleasant" [checked]',
    ),
    "affect-grid": Told(
        '- radio "Pleasantness 7 of 9, energy 3 of 9"\n'
        "- paragraph:\n  - status: Nothing chosen yet.",
        ["7", "3"],
        '- radio "Pleasantness 7 of 9, energy 3 of 9" [checked]\n'
        "- paragraph:\n  - status: Pleasantness 7 of 9, energy 3 of 9.",
    ),
    "ordinal": Told(
        '- radio "never"\n- radio "sometimes"',
        ["2"],
        '- radio "never"\n- radio "sometimes" [checked]',
    ),
    "segments": Told(
        '- button "joy"\n- paragraph:\n  - status: Nothing marked yet.\n'
        '- checkbox "There is nothing to mark"',
        ["1"],
        '- button "joy" [pressed]\n- paragraph:\n  - status: joy begins.\n'
        '- checkbox "There is nothing to mark" [disabled]',
        FIXED,
    ),
    "trace": Told(
        '- slider "Valence"\n- paragraph:\n  - status: Recording starts when the clip plays.\n'
        '- paragraph:\n  - button "Play and follow"',
        ["Space"],
        '- slider "Valence"\n- paragraph:\n'
        '  - status: "Recording. Nothing set yet: move up or down."\n'
        '- paragraph:\n  - button "Pause"',
    ),
    "pairwise": Told(
        '- radio "Clip 1"\n- radio "Clip 2"\n- radio "No difference"',
        ["2"],
        '- radio "Clip 1"\n- radio "Clip 2" [checked]\n- radio "No difference"',
    ),
    "best-worst": Told(
        '- group "Most":\n  - radio "Clip 1"\n- group "Least":\n  - radio "Clip 1"',
        ["1", "2"],
        '- group "Most":\n  - radio "Clip 1" [checked]\n'
        '- group "Least":\n  - radio "Clip 1"\n  - radio "Clip 2" [checked]',
    ),
    "wish": Told(
        '- radiogroup "If you have to decide":\n  - radio "Wants to be left alone"\n'
        '- group "Why (as many as fit, or none)":\n  - checkbox "Tired"',
        ["4", "4", "1", "1"],
        '- radiogroup "If you have to decide":\n  - radio "Wants to be left alone" [checked]\n'
        '- group "Why (as many as fit, or none)":\n  - checkbox "Tired" [checked]',
    ),
    "free-text": Told(
        '- textbox "What is felt?"\n- paragraph: 0 characters of 1000',
        ["a"],
        '- textbox "What is felt?": a\n- paragraph: 1 characters of 1000',
    ),
    "confidence": Told(
        '- radio "1 guessing"\n- radio "5 certain"',
        ["5"],
        '- radio "1 guessing"\n- radio "5 certain" [checked]',
    ),
}


def under_the_question(told: str) -> str:
    lines = "\n".join(f"  {line}" for line in told.splitlines())
    return f'- group "What is felt?":\n{lines}'


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_a_question_is_told_with_its_name_its_controls_and_what_was_chosen(
    kind: str, open_as: OpenPage
) -> None:
    told = TOLD[kind]
    given = told.asked or (SAMPLES[kind].keys if kind in SAMPLES else {})
    page = show(open_as, ask(kind, required=True, clips=4, **given), None)
    question = page.locator("[data-question=felt]")
    expect(question).to_match_aria_snapshot(under_the_question(told.before))

    if kind == "free-text":
        page.get_by_role("textbox").focus()
    for key in told.keys:
        page.keyboard.press(key)

    expect(question).to_match_aria_snapshot(under_the_question(told.after))


def test_a_slider_is_told_in_words_and_has_no_value_before_it_is_set(open_as: OpenPage) -> None:
    page = show(open_as, ask("dimensions", **SLIDER), None)
    slider = page.get_by_role("slider", name="Valence, unpleasant – pleasant")
    status = page.get_by_role("group", name="Valence").get_by_role("status")
    expect(slider).to_have_attribute("aria-valuetext", "not set yet")
    expect(status).to_have_text("not set yet")

    page.keyboard.press("9")

    expect(slider).to_have_attribute("aria-valuetext", "pleasant 1.00")
    expect(status).to_have_text("pleasant 1.00")


def test_the_keys_of_a_scale_stand_above_its_points(open_as: OpenPage) -> None:
    page = show(open_as, ask("confidence", required=True), None)
    keys = page.locator(".points-keys").bounding_box()
    point = page.locator(".point").last.bounding_box()

    assert keys
    assert point
    assert keys["y"] + keys["height"] <= point["y"]


def test_the_track_of_a_trace_is_told_in_words(open_as: OpenPage) -> None:
    page = show(open_as, ask("trace", dimension="valence"), None)
    track = page.get_by_role("slider", name="Valence")
    expect(track).to_have_attribute("aria-valuetext", "not set yet")

    track.press("ArrowUp")

    expect(track).to_have_attribute("aria-valuetext", "pleasant 0.0")
