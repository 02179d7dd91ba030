"""The choice family of questions in a browser: by mouse, by keys, by touch, to the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, expect

from annotation.models import Campaign
from tests import factories
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import TOO_WIDE, violations

pytestmark = pytest.mark.browser

EMOTIONS = ["joy", "sadness", "anger", "fear"]
ASKED: dict[str, dict[str, Any]] = {
    "graded-choices": {"options": EMOTIONS, "shuffle": False},
    "primary-secondary": {"options": EMOTIONS, "extras": ["unclear"], "shuffle": False},
    "distribution": {"options": EMOTIONS, "shuffle": False},
    "emotion-wheel": {},
    "ordinal": {"levels": ["never", "sometimes", "always"]},
    "wish": {},
    "free-text": {"longest": 20},
}
ANSWERS: dict[str, Any] = {
    "graded-choices": {"joy": 2, "sadness": None, "anger": 0, "fear": None},
    "primary-secondary": {"primary": "anger", "secondary": "joy"},
    "distribution": {"joy": 70, "sadness": 0, "anger": 30, "fear": 0},
    "emotion-wheel": {"emotion": "pride", "intensity": 4},
    "ordinal": 3,
    "wish": {
        "level": 4,
        "wish": "alone",
        "addressee": "stranger",
        "reasons": ["tired", "upset"],
    },
    "free-text": "She looks away.",
}
WIDGET = """[...document.querySelectorAll('[data-question] *')]
  .filter((e) => e.localName.startsWith('answer-'))"""
BEYOND_THE_START = """[...document.querySelectorAll(".desk-panel *")]
  .filter((e) => !e.closest(".visually-hidden") && e.getBoundingClientRect().left < -1)
  .map((e) => e.outerHTML.slice(0, 120))"""

Ask = Callable[..., tuple[Page, Campaign]]


@pytest.fixture
def ask(database: None, open_as: OpenPage) -> Ask:
    """Return a function that opens the labelling page with these kinds of question."""

    def ask(*kinds: str, **window: BrowserContext) -> tuple[Page, Campaign]:
        questions = [question(kind) for kind in kinds]
        campaign = factories.make_campaign(clips=2, questions=questions)
        for clip in campaign.collection.clips.all():
            factories.draw_media(clip)
        address = reverse("annotation:label", args=[campaign.pk])
        page = open_as(factories.make_annotator(), address, **window)
        if page.evaluate("matchMedia('(scripting: enabled)').matches"):
            expect(page.locator("label-desk")).to_have_attribute("data-hand", "2")
            page.wait_for_timeout(300)  # An answer faster than a person is taken for a slip.
        return page, campaign

    return ask


def question(kind: str) -> dict[str, Any]:
    name = kind.replace("-", "_")
    prompt = f"{kind}: what does the person feel?"
    return {"name": name, "instrument": kind, "prompt": prompt, "required": True, **ASKED[kind]}


def stored(page: Page, campaign: Campaign) -> Any:
    """Return the one answer that was saved."""
    expect(page.locator("[data-slot=state]")).to_have_text("Saved")
    (answer,) = campaign.labels.get().value.values()
    return answer


def said(page: Page) -> list[Any]:
    values: list[Any] = page.evaluate(f"{WIDGET}.map((e) => e.value)")
    return values


def restore(page: Page) -> None:
    """Give every widget its answer, as the page does with a draft."""
    answers = list(ANSWERS.values())
    page.evaluate(f"answers => {WIDGET}.map((e, i) => e.value = answers[i])", answers)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def radio(page: Page, group: str, name: str) -> Locator:
    labels = page.get_by_role("radiogroup", name=group, exact=True).locator("label")
    return labels.filter(has_text=name).first


def circle(page: Page, family: str, step: int) -> Locator:
    return page.locator(f".wheel-spoke[data-value={family}] circle").nth(step - 1)


def point(page: Page, press: str) -> dict[str, Callable[[], None]]:
    """Return how each question is answered by pressing on it, `press` being click or tap."""

    def on(*places: Locator) -> None:
        for place in places:
            getattr(place, press)()

    def text(words: str) -> Locator:
        return page.locator(".choice").filter(has_text=words)

    def more(option: str, times: int) -> list[Locator]:
        return [page.get_by_role("button", name=f"5 more for {option}", exact=True)] * times

    def wheel() -> None:
        if press == "click":
            on(circle(page, "pride", 4))
        else:
            on(
                page.locator(".wheel-family").filter(has_text="Pride"),
                radio(page, "How strong", "4"),
            )

    return {
        "graded-choices": lambda: on(
            radio(page, "joy", "moderate"), radio(page, "anger", "not at all")
        ),
        "primary-secondary": lambda: on(text("anger"), text("joy")),
        "distribution": lambda: on(*more("joy", 14), *more("anger", 6)),
        "emotion-wheel": wheel,
        "ordinal": lambda: on(text("always")),
        "wish": lambda: on(
            page.locator(".chip").filter(has_text="A stranger"),
            page.locator(".wish-level").filter(has_text="would rather be left alone"),
            text("Wants to be left alone"),
            page.locator(".chip").filter(has_text="Upset"),
            page.locator(".chip").filter(has_text="Tired"),
        ),
        "free-text": lambda: page.get_by_role("textbox").fill(ANSWERS["free-text"]),
    }


KEYS: dict[str, list[str]] = {
    # To a row, up by two; to another, one level along from untouched.
    "graded-choices": ["1", "1", "1", "3", "ArrowRight"],
    "primary-secondary": ["3", "1"],
    "distribution": ["1"] * 8 + ["Shift+Digit1"] + ["3"] * 2 + ["ArrowRight"] * 2,
    # To the first family, two on, one out.
    "emotion-wheel": ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowUp", "Enter"],
    "ordinal": ["3"],
    "wish": ["4", "4", "1", "1", "4"],
}


@pytest.mark.parametrize("kind", ASKED)
def test_it_is_answered_by_mouse(kind: str, ask: Ask) -> None:
    page, campaign = ask(kind)

    point(page, "click")[kind]()
    page.get_by_role("button", name="Send").click()

    assert stored(page, campaign) == ANSWERS[kind]


@pytest.mark.parametrize("kind", KEYS)
def test_it_is_answered_by_keys_alone(kind: str, ask: Ask) -> None:
    page, campaign = ask(kind)

    press(page, *KEYS[kind], "Enter")

    assert stored(page, campaign) == ANSWERS[kind]


@pytest.mark.parametrize("kind", ASKED)
def test_it_is_answered_by_touch(kind: str, ask: Ask, phone: BrowserContext) -> None:
    page, campaign = ask(kind, context=phone)

    point(page, "tap")[kind]()
    page.get_by_role("button", name="Send").tap()

    assert stored(page, campaign) == ANSWERS[kind]


def test_words_are_sent_with_control_and_enter(ask: Ask) -> None:
    page, campaign = ask("free-text")

    page.get_by_role("textbox").focus()
    page.keyboard.type("She looks away.")
    press(page, "Control+Enter")

    assert stored(page, campaign) == "She looks away."


def test_what_was_not_touched_is_null(ask: Ask) -> None:
    page, _ = ask(*ASKED)

    assert said(page) == [None] * len(ASKED)


def test_every_answer_is_restored_and_cleared(ask: Ask) -> None:
    page, _ = ask(*ASKED)

    restore(page)
    restored = said(page)
    page.evaluate(f"{WIDGET}.map((e) => e.value = null)")

    assert restored == list(ANSWERS.values())
    assert said(page) == [None] * len(ASKED)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_question_is_accessible(scheme: str, size: tuple[int, int], ask: Ask) -> None:
    page, _ = ask(*ASKED)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    restore(page)
    found = {}

    for kind in ASKED:
        found[kind] = violations(page)
        page.get_by_role("button", name="Next").or_(page.get_by_role("button", name="Send")).click()

    assert not any(found.values()), found


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_every_question_fits_the_narrowest_phone(direction: str, ask: Ask) -> None:
    page, _ = ask(*ASKED)
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("way => document.documentElement.dir = way", direction)
    restore(page)
    found = {}

    for kind in ASKED:
        found[kind] = page.evaluate(TOO_WIDE) + page.evaluate(BEYOND_THE_START)
        page.get_by_role("button", name="Next").or_(page.get_by_role("button", name="Send")).click()

    assert not any(found.values()), found


def test_a_level_that_is_pressed_again_is_untouched_again(ask: Ask) -> None:
    page, _ = ask("graded-choices")

    radio(page, "joy", "moderate").click()
    radio(page, "joy", "moderate").click()

    assert said(page) == [None]


def test_the_others_are_said_to_be_absent_in_one_go(ask: Ask) -> None:
    page, _ = ask("graded-choices")

    radio(page, "joy", "moderate").click()
    page.get_by_role("button", name="All others: not at all").click()

    assert said(page) == [{"joy": 2, "sadness": 0, "anger": 0, "fear": 0}]


def test_the_second_moves_up_when_the_main_one_is_taken_away(ask: Ask) -> None:
    page, _ = ask("primary-secondary")

    press(page, "1", "2", "1")

    assert said(page) == [{"primary": "sadness", "secondary": None}]
    expect(page.get_by_role("checkbox", name="sadness the main one")).to_be_checked()


def test_a_way_out_has_no_second_beside_it(ask: Ask) -> None:
    page, _ = ask("primary-secondary")

    press(page, "1", "2", "5")
    alone = said(page)
    press(page, "3")

    assert alone == [{"primary": "unclear", "secondary": None}]
    assert said(page) == [{"primary": "anger", "secondary": None}]


def test_points_that_are_not_all_given_are_not_sent(ask: Ask) -> None:
    page, campaign = ask("distribution")

    press(page, "1", "Enter")

    expect(page.locator("[data-slot=problem]")).to_have_text(
        "90 points are not given yet. Share out all of them."
    )
    assert not campaign.labels.exists()


def test_no_more_points_are_given_than_are_left(ask: Ask) -> None:
    page, _ = ask("distribution")

    press(page, *["1"] * 7, *["2"] * 7)
    page.get_by_role("slider", name="anger").fill("50")

    assert said(page) == [{"joy": 70, "sadness": 30, "anger": 0, "fear": 0}]
    expect(page.get_by_text("All points given")).to_be_visible()


def test_points_are_split_evenly_between_those_chosen(ask: Ask) -> None:
    page, _ = ask("distribution")

    press(page, "1", "2", "4")
    page.get_by_role("button", name="Split evenly").click()

    assert said(page) == [{"joy": 34, "sadness": 33, "anger": 0, "fear": 33}]


def test_too_many_points_typed_are_said_so(ask: Ask) -> None:
    page, _ = ask("distribution")

    page.get_by_role("spinbutton", name="joy").fill("80")
    page.get_by_role("spinbutton", name="anger").fill("40")
    press(page, "Enter")

    expect(page.locator("[data-slot=problem]")).to_contain_text("20 points too many")


def test_a_way_out_of_the_wheel_has_no_intensity(ask: Ask) -> None:
    page, campaign = ask("emotion-wheel")

    circle(page, "pride", 4).click()
    page.locator(".wheel-way-out").first.click()
    press(page, "Enter")

    assert stored(page, campaign) == {"emotion": "none", "intensity": None}


def test_a_pointer_that_rests_on_the_wheel_changes_nothing_by_enter(ask: Ask) -> None:
    page, campaign = ask("emotion-wheel")

    circle(page, "pride", 4).click()
    circle(page, "fear", 2).hover()
    press(page, "Enter")

    assert stored(page, campaign) == {"emotion": "pride", "intensity": 4}


def test_an_emotion_without_its_intensity_is_not_sent(ask: Ask, phone: BrowserContext) -> None:
    page, campaign = ask("emotion-wheel", context=phone)

    page.locator(".wheel-family").filter(has_text="Pride").tap()
    page.get_by_role("button", name="Send").tap()

    expect(page.locator("[data-slot=problem]")).to_have_text("Say how strong it is, too.")
    assert not campaign.labels.exists()


def test_choosing_an_emotion_brings_its_intensity_into_sight(
    ask: Ask, phone: BrowserContext
) -> None:
    page, _ = ask("emotion-wheel", context=phone)
    page.set_viewport_size({"width": 390, "height": 664})

    page.locator(".wheel-family").filter(has_text="Pride").tap()

    strength = page.locator(".wheel-strength").bounding_box()
    actions = page.locator(".desk-actions").bounding_box()
    assert strength
    assert actions
    assert strength["y"] + strength["height"] <= actions["y"]


def test_a_wish_is_decided_before_it_is_sent(ask: Ask) -> None:
    page, _ = ask("wish")

    press(page, "4", "5", "ArrowDown", "Enter")

    expect(page.locator("[data-slot=problem]")).to_have_text(
        "Decide also: alone, or open to contact?"
    )


def test_words_beyond_the_limit_are_kept_and_said_to_be_too_many(ask: Ask) -> None:
    page, _ = ask("free-text")

    page.get_by_role("textbox").fill("She looks away twice, slowly.")
    page.get_by_role("button", name="Send").click()

    expect(page.locator("[data-slot=problem]")).to_contain_text("9 characters too many")
    expect(page.get_by_role("textbox")).to_have_value("She looks away twice, slowly.")


def plainly(page: Page, kind: str) -> dict[str, Callable[[], object]]:
    """Return how a question is answered as the page stands without scripts."""
    name, answer = kind.replace("-", "_"), ANSWERS[kind]

    def choose(**parts: Any) -> None:
        for part, value in parts.items():
            for one in value if isinstance(value, list) else [value]:
                page.locator(f"label:has([name='{name}.{part}'][value='{one}'])").click()

    def select(primary: str, secondary: str) -> None:
        page.get_by_label("The main one").select_option(primary)
        page.get_by_label("A second one").select_option(secondary)

    def share(**points: int) -> None:
        for option, given in points.items():
            page.get_by_role("spinbutton", name=option).fill(str(given))

    return {
        "graded-choices": lambda: choose(joy=2, anger=0),
        "primary-secondary": lambda: select(**answer),
        "distribution": lambda: share(joy=70, anger=30),
        "emotion-wheel": lambda: choose(**answer),
        "ordinal": lambda: page.get_by_label("always").check(),
        "wish": lambda: choose(**answer),
        "free-text": lambda: page.get_by_role("textbox").fill(answer),
    }


@pytest.mark.parametrize("kind", ASKED)
def test_it_is_a_plain_form_where_no_script_runs(
    kind: str, ask: Ask, open_window: Callable[..., BrowserContext]
) -> None:
    page, campaign = ask(kind, context=open_window(java_script_enabled=False))

    plainly(page, kind)[kind]()
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    (answer,) = campaign.labels.get().value.values()
    assert answer == ANSWERS[kind]
