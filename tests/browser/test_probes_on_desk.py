"""Instructions, a pause and an objection, from the page to the rows; every state accessible."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import User
from annotation import alarms
from annotation.models import Alarm, AlarmKind, Assignment, Campaign, Outcome, Probe
from tests import factories
from tests.annotation.test_probing import work
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.desk import STATE, say
from tests.browser.test_pages import violations
from tests.browser.test_practice import key_of, make_teaching, practise, shown

pytestmark = pytest.mark.browser
REASONS = "The answers were given before the clips had loaded."


@pytest.fixture
def teaching(database: None) -> Campaign:
    return make_teaching()


@pytest.fixture
def plain_window(open_window: Callable[..., BrowserContext]) -> BrowserContext:
    return open_window(java_script_enabled=False)


@pytest.fixture
def instructed(database: None) -> tuple[Campaign, User]:
    """A campaign, and somebody whose next clip tells which answer to choose."""
    campaign = desk.picture_campaign(clips=40, attention_every=5)
    person = factories.make_annotator()
    while not held(campaign, person).asked_for:
        work(campaign, person, 1)
    return campaign, person


def held(campaign: Campaign, person: User) -> Assignment:
    (assignment,) = factories.lease(campaign, person)
    return assignment


def test_an_instruction_stands_above_the_question_and_is_gone_with_its_clip(
    instructed: tuple[Campaign, User], open_as: OpenPage
) -> None:
    campaign, person = instructed
    page = desk.open_desk(open_as, campaign, person)
    asked = shown(page).asked_for
    notice = page.get_by_text(f"Please choose “{asked}” for this clip, whatever it shows.")
    expect(notice).to_be_visible()
    question = page.get_by_role("group", name="What does the person feel?")
    expect(question).to_have_accessible_description(re.compile(f"Please choose “{asked}”"))

    say(page, key_of(page, asked))

    expect(page.locator(STATE)).to_have_text("Saved")
    expect(notice).to_be_hidden()
    expect(question).to_have_accessible_description("")
    label = campaign.labels.probes(Probe.ATTENTION).get()
    assert label.value["emotion"] == asked


def test_an_instruction_is_there_without_scripts(
    instructed: tuple[Campaign, User], open_as: OpenPage, plain_window: BrowserContext
) -> None:
    campaign, person = instructed
    page = open_as(person, reverse("annotation:label", args=[campaign.pk]), plain_window)

    asked = shown(page).asked_for
    expect(page.get_by_text(f"Please choose “{asked}” for this clip")).to_be_visible()


@pytest.fixture
def working(database: None) -> tuple[Campaign, User]:
    """A campaign, and somebody who has labelled a clip of it."""
    campaign = desk.picture_campaign(clips=6)
    person = factories.make_annotator()
    work(campaign, person, 1)
    return campaign, person


def pause(campaign: Campaign, person: User) -> Alarm:
    evidence = {"answers": 9, "tested": 9, "score": 4.0, "labels": []}
    alarm = alarms.sound(campaign, person, AlarmKind.GOLD, evidence, pauses=True)
    assert alarm
    return alarm


def test_a_pause_is_said_and_the_work_goes_on_after_it(
    working: tuple[Campaign, User], open_as: OpenPage
) -> None:
    page = desk.open_desk(open_as, *working)
    alarm = pause(*working)

    say(page, "1")

    heading = page.get_by_role("heading", name="Your work is paused")
    expect(heading).to_be_focused()
    expect(page.get_by_text("What you did is saved and paid.").first).to_be_visible()
    alarms.rule(alarm, working[0].owner, Outcome.NOTHING, REASONS)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".stage img")).to_be_visible()
    expect(heading).to_be_hidden()


def test_who_gets_no_more_clips_reads_why_and_objects(
    working: tuple[Campaign, User], open_as: OpenPage
) -> None:
    campaign, person = working
    alarm = pause(campaign, person)
    alarms.rule(alarm, campaign.owner, Outcome.STOP, REASONS)
    page = open_as(person, reverse("annotation:label", args=[campaign.pk]))
    expect(page.get_by_role("heading", name="There are no more clips for you here")).to_be_visible()

    page.get_by_role("link", name="How your work stands").first.click()
    expect(page.get_by_text(REASONS)).to_be_visible()
    page.get_by_label("Your objection").fill("They had loaded: my line is a fast one.")
    page.get_by_role("button", name="Object").click()

    expect(page.get_by_text("Somebody looks at it once more and decides.")).to_be_visible()
    expect(page.get_by_label("Your objection")).to_have_count(0)
    alarm.refresh_from_db()
    assert alarm.objection == "They had loaded: my line is a fast one."


def feedback(page: Page, campaign: Campaign) -> None:
    practise(page)


def practice(page: Page, campaign: Campaign) -> None:
    expect(page.get_by_text("Practice: you will see what others say.")).to_be_visible()


def paused(page: Page, campaign: Campaign) -> None:
    pause(campaign, shown(page).annotator)
    page.reload()
    expect(page.get_by_role("heading", name="Your work is paused")).to_be_visible()


def decided(page: Page, campaign: Campaign) -> None:
    person = shown(page).annotator
    practise(page)
    alarm = pause(campaign, person)
    alarms.rule(alarm, campaign.owner, Outcome.LEAVE_OUT, REASONS)
    page.goto(reverse("annotation:standing", args=[campaign.pk]))
    page.get_by_role("button", name="Object").click()
    expect(page.get_by_label("Your objection")).to_be_visible()


def instruction(page: Page, campaign: Campaign) -> None:
    def tell(route: Route) -> None:
        response = route.fetch()
        said = response.json()
        for one in said["assignments"]:
            one.pop("training", None)
            one["instruction"] = {"value": "anger", "text": "Anger"}
        route.fulfill(response=response, json=said)

    page.route("**/batch/", tell)
    say(page, "1")
    page.wait_for_timeout(desk.PACE_MS)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Please choose “Anger”")).to_be_visible()


STATES: list[Callable[[Page, Campaign], None]] = [
    practice, feedback, instruction, paused, decided,
]  # fmt: skip
BEYOND = "document.documentElement.scrollWidth > innerWidth"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("enter", STATES)
def test_every_state_is_accessible_and_fits(
    enter: Callable[[Page, Campaign], None], scheme: str, teaching: Campaign, open_as: OpenPage
) -> None:
    page = desk.open_desk(open_as, teaching)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    enter(page, teaching)

    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert not violations(page)
        assert not page.evaluate(BEYOND)
