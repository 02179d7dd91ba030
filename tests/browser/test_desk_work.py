"""Working at the labelling page: one question at a time, undo, drafts, and keys of one's own."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from annotation.models import Assignment, Campaign, Label
from tests import factories
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.desk import STATE, say

pytestmark = pytest.mark.browser
SURE = {"name": "sure", "instrument": "confidence", "prompt": "How sure are you?"}


@pytest.fixture
def asked(database: None) -> Campaign:
    return desk.picture_campaign(clips=5)


@pytest.fixture
def page(asked: Campaign, open_as: OpenPage) -> Page:
    return desk.open_desk(open_as, asked)


@pytest.fixture
def three_questions(database: None) -> Campaign:
    first = desk.choice("emotion", "What is felt?", ["joy", "anger"])
    second = desk.choice("real", "Is it real?", ["real", "acted"])
    third = {**desk.choice("sight", "What is in sight?", ["face", "body"]), "required": False}
    return desk.asking([first, SURE, second, third])


def test_questions_come_one_at_a_time_and_go_on_by_themselves(
    three_questions: Campaign, open_as: OpenPage
) -> None:
    page = desk.open_desk(open_as, three_questions)
    expect(page.get_by_text("1 of 3")).to_be_visible()
    for keys in (["1", "Shift+Digit4"], ["2"]):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(desk.PACE_MS)
    expect(page.get_by_text("3 of 3")).to_be_visible()
    expect(page.locator("fieldset:visible")).to_have_count(1)

    page.keyboard.press("Enter")

    expect(page.locator(STATE)).to_have_text("Saved")
    value = Label.objects.latest("pk").value
    assert (value["sure"], value["sight"]) == (4, None)
    assert None not in (value["emotion"], value["real"])


def test_a_question_that_needs_an_answer_says_so_calmly(
    three_questions: Campaign, open_as: OpenPage
) -> None:
    page = desk.open_desk(open_as, three_questions)

    page.keyboard.press("Enter")

    expect(page.get_by_text("This question needs an answer.")).to_be_visible()
    expect(page.get_by_text("1 of 3")).to_be_visible()


def test_the_arrow_keys_walk_through_the_options_without_deciding(
    three_questions: Campaign, open_as: OpenPage
) -> None:
    page = desk.open_desk(open_as, three_questions)
    page.keyboard.press("Shift+Digit1")
    page.locator("[name=emotion]").first.focus()

    page.keyboard.press("ArrowDown")

    expect(page.locator("[name=emotion]").nth(1)).to_be_checked()
    expect(page.get_by_text("1 of 3")).to_be_visible()


def test_a_draft_outlives_a_reload_and_goes_with_its_answer(
    three_questions: Campaign, open_as: OpenPage
) -> None:
    page = desk.open_desk(open_as, three_questions)
    page.keyboard.press("2")
    page.keyboard.press("Shift+Digit2")
    page.wait_for_timeout(desk.PACE_MS)
    said = page.locator("[name=emotion]:checked").input_value()

    page.reload()

    expect(page.get_by_text("2 of 3")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    assert page.locator("[name=emotion]:checked").input_value() == said
    page.wait_for_timeout(desk.PACE_MS)
    for keys in ("Enter", "1", "Enter"):
        page.keyboard.press(keys)
        page.wait_for_timeout(desk.PACE_MS)
    expect(page.locator(STATE)).to_have_text("Saved")
    assert (
        page.evaluate("sessionStorage.getItem(document.querySelector('label-desk').drafts.name)")
        == "{}"
    )


def test_time_before_a_reload_counts(asked: Campaign, page: Page) -> None:
    page.wait_for_timeout(500)
    page.keyboard.press("1")

    page.reload()
    expect(page.locator("[name=emotion]:checked")).to_have_count(1)
    page.wait_for_timeout(desk.PACE_MS)
    page.keyboard.press("Enter")

    expect(page.locator(STATE)).to_have_text("Saved")
    label = Label.objects.latest("pk")
    assert label.active_ms is not None
    assert label.active_ms >= 800


def test_an_answer_taken_back_before_it_was_sent_is_replaced(asked: Campaign, page: Page) -> None:
    held = desk.hold_next(page, "**/batch/")
    with page.expect_request("**/batch/"):
        page.evaluate("dispatchEvent(new Event('focus'))")  # Nothing else is sent meanwhile.
    say(page, "1")
    page.keyboard.press("u")
    expect(page.get_by_text("This is your last answer.")).to_be_visible()
    expect(page.locator("[name=emotion]").first).to_be_checked()
    page.wait_for_timeout(desk.PACE_MS)
    say(page, "2")

    held[0].continue_()

    expect(page.locator(STATE)).to_have_text("Saved")
    label = Label.objects.latest("pk")
    assert label.value["emotion"] == label.options_order["emotion"][1]


def test_what_is_sent_again_supersedes_the_first(asked: Campaign, page: Page) -> None:
    say(page, "1")
    expect(page.locator(STATE)).to_have_text("Saved")
    first = Label.objects.latest("pk")
    sent: list[desk.Document] = []

    def refuse(route: Route) -> None:
        sent.extend(desk.answers(route))
        route.abort()

    page.route("**/batch/", refuse)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_timeout(desk.PACE_MS)

    say(page, "2")

    assert sent[0]["supersedes"] == str(first.client_id)
    assert sent[0]["client_id"] != str(first.client_id)
    assert sent[0]["assignment"] == first.assignment_id


def test_an_answer_taken_back_can_be_kept_as_it_was(asked: Campaign, page: Page) -> None:
    say(page, "1")
    after = page.locator("[name=assignment]").input_value()
    page.keyboard.press("u")

    page.keyboard.press("k")

    expect(page.locator("[name=assignment]")).to_have_value(after)
    assert asked.labels.count() == 1


def test_undo_is_offered_for_a_while(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    desk.pretend(window, lambda document: document | {"undo_seconds": 1})
    page = desk.open_desk(open_as, asked)
    say(page, "1")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()

    expect(page.get_by_role("button", name="Undo")).to_be_hidden()

    page.keyboard.press("u")
    expect(page.get_by_text("This is your last answer.")).to_be_hidden()


def test_a_key_can_be_changed_and_is_shown_and_reset(asked: Campaign, page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("button", name="Change the key for: skip, with a reason").click()
    page.keyboard.press("r")
    expect(page.get_by_text("R is taken: play again from the start.")).to_be_visible()
    page.keyboard.press("4")
    expect(page.get_by_text("4 cannot be used here.")).to_be_visible()
    page.keyboard.press("y")
    expect(page.get_by_text("Changed: skip, with a reason is now Y.")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("y")
    page.keyboard.press("1")

    expect(page.locator(STATE)).to_have_text("Saved")
    assert asked.assignments.filter(state="skipped").count() == 1
    page.keyboard.press("?")
    page.get_by_role("button", name="Reset all keys").click()
    expect(page.locator("tr[data-command=skip] kbd")).to_have_text("S")


def test_changed_keys_are_remembered(asked: Campaign, page: Page) -> None:
    page.evaluate("""localStorage.setItem("attune.keys", '{"stop": "z"}')""")
    page.reload()
    page.wait_for_timeout(desk.PACE_MS)

    page.keyboard.press("z")

    expect(page.locator(STATE)).to_have_text("Saved")
    assert Assignment.objects.filter(state="skipped").latest("pk").skip_reason == "stopped"


def test_stop_takes_the_clip_away_at_once(asked: Campaign, page: Page) -> None:
    shown = page.locator("[name=assignment]").input_value()

    page.keyboard.press("x")

    expect(page.locator("[name=assignment]")).not_to_have_value(shown)
    expect(page.locator(STATE)).to_have_text("Saved")
    assert Assignment.objects.get(pk=shown).skip_reason == "stopped"


def test_enter_in_a_text_field_sends_the_answer_and_no_report(asked: Campaign, page: Page) -> None:
    page.evaluate("""document.querySelector(".desk-questions").insertAdjacentHTML(
        "beforeend", "<input aria-label='Remark'>")""")
    page.keyboard.press("1")

    page.get_by_label("Remark").press("Enter")

    expect(page.locator(STATE)).to_have_text("Saved")
    assert asked.labels.count() == 1


def test_the_tab_and_enter_keys_alone_reach_everything(asked: Campaign, open_as: OpenPage) -> None:
    page = desk.open_desk(open_as, asked)
    page.locator("[data-slot=stage]").focus()
    page.evaluate("localStorage.setItem('attune.single-keys', 'off')")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.innerText || document.activeElement.type")
        )

    assert "radio" in reached
    for words in ("Send", "Skip", "Stop this clip"):
        assert any(words in text for text in reached), reached


def test_who_has_nothing_left_may_still_take_back(open_as: OpenPage) -> None:
    page = desk.open_desk(open_as, desk.picture_campaign(clips=1))
    say(page, "1")
    expect(page.get_by_role("heading", name="That is all for you")).to_be_visible()

    page.keyboard.press("u")

    expect(page.locator(".stage img")).to_be_visible()
    expect(page.locator("[name=emotion]:checked")).to_have_count(1)


def test_the_page_works_in_a_campaign_without_clips_in_hand(open_as: OpenPage) -> None:
    campaign = desk.picture_campaign(clips=1, running=True)
    campaign.tasks.all().update(retired=True)

    page = open_as(factories.make_annotator(), reverse("annotation:label", args=[campaign.pk]))

    expect(page.get_by_role("heading", name="That is all for you")).to_be_visible()
