"""Every page in a browser: nothing is blocked, nothing overflows, and axe finds nothing wrong."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from annotation import alarms, consensus, gold
from annotation.gold import Known
from annotation.models import AlarmKind, Campaign, Need
from consent import review
from consent.models import Consent, State
from tests import factories
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

TOO_WIDE = """[...document.querySelectorAll("body *")]
  .filter((e) => !e.closest(".table-frame, nav"))
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.outerHTML.slice(0, 120))"""
TURNED = """() => {
  document.documentElement.dir = "rtl";
  return [...document.querySelectorAll("body *")]
    .filter((e) => !e.closest(".table-frame, nav, .visually-hidden"))
    .filter((e) => {
      const { left, right } = e.getBoundingClientRect();
      return left < -1 || right > innerWidth + 1;
    })
    .map((e) => e.outerHTML.slice(0, 120));
}"""
SETTLED = """() => Promise.allSettled(
  document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished),
)"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def campaign(database: None) -> Campaign:
    campaign = factories.make_campaign(clips=4, confidence=True)
    for clip in campaign.collection.clips.all():
        factories.draw_media(clip)
    people = [factories.make_annotator() for _ in range(2)]
    for task in campaign.tasks.all():
        for person, value in zip(people, ["joy", "anger"], strict=True):
            factories.make_label(task, person, value)
    consensus.refresh(campaign, settle=True)
    campaign.tasks.filter(pk=unsettled(campaign)).update(need=Need.EXPERT, retired=True)
    known = campaign.tasks.latest("pk").clip.external_id
    gold.mark(campaign, [Known(known, {"joy": 0.5, "anger": 0.5})], campaign.owner)
    seen = {"tested": 4, "answers": 4, "labels": list(campaign.labels.values_list("pk", flat=True))}
    alarms.sound(campaign, people[0], AlarmKind.GOLD, seen, pauses=True)
    return campaign


def unsettled(campaign: Campaign) -> int:
    return campaign.tasks.earliest("pk").pk


def labeller(campaign: Campaign) -> int:
    return campaign.labels.earliest("pk").annotator_id


def addresses(campaign: Campaign) -> dict[str, str]:
    return {
        "cases": reverse("annotation:cases", args=[campaign.pk]),
        "case": reverse("annotation:case", args=[campaign.pk, unsettled(campaign)]),
        "home": reverse("home"),
        "campaigns": reverse("annotation:campaigns"),
        "campaign": reverse("annotation:campaign", args=[campaign.pk]),
        "gold": reverse("annotation:gold", args=[campaign.pk]),
        "alarms": reverse("annotation:alarms", args=[campaign.pk]),
        "alarm": reverse("annotation:alarm", args=[campaign.pk, campaign.alarms.latest("pk").pk]),
        "agreement": reverse("annotation:agreement", args=[campaign.pk]),
        "annotators": reverse("annotation:annotators", args=[campaign.pk]),
        "annotator": reverse("annotation:annotator", args=[campaign.pk, labeller(campaign)]),
        "ambiguity": reverse("annotation:ambiguity", args=[campaign.pk]),
        "launch": reverse("annotation:launch"),
        "collection": reverse("annotation:collection", args=[campaign.collection_id]),
        "upload": reverse("annotation:upload", args=[campaign.collection_id]),
        "people": reverse("accounts:people"),
        "account": reverse("accounts:account"),
        "reviews": reverse("consent:reviews"),
        "record": reverse("consent:record", args=[factories.make_consent().pk]),
        "participants": reverse("consent:participants"),
    }


def axe() -> str:
    """Return the source of axe-core, which a Python package carries."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or not found.submodule_search_locations:
        pytest.skip("needs axe-core: pip install axe-playwright-python")
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """Return what axe finds once the colours have come to rest: halfway they have no contrast."""
    page.evaluate(SETTLED)
    page.evaluate(axe())
    found = page.evaluate("rules => axe.run({runOnly: rules, preload: false})", RULES)
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_in_light_and_dark(
    scheme: str, campaign: Campaign, open_as: OpenPage
) -> None:
    found = {}
    page = open_as(factories.make_administrator(), "/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    for name, address in addresses(campaign).items():
        page.goto(address)
        found[name] = violations(page)

    assert not any(found.values()), found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_labelling_page_is_accessible(
    scheme: str, campaign: Campaign, open_as: OpenPage
) -> None:
    address = reverse("annotation:label", args=[campaign.pk])
    page = open_as(factories.make_annotator(), "/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address)
    expect(page.locator("label-desk")).to_have_attribute("data-hand", "2")

    found = violations(page)

    assert not found


def test_pages_fit_a_phone_and_nothing_is_blocked(campaign: Campaign, open_as: OpenPage) -> None:
    complaints: list[str] = []
    page = open_as(factories.make_administrator(), "/")
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": 360, "height": 740})
    too_wide = {}

    for name, address in addresses(campaign).items():
        page.goto(address)
        too_wide[name] = page.evaluate(TOO_WIDE)

    assert not any(too_wide.values()), too_wide
    assert not complaints


def test_pages_fit_a_phone_from_right_to_left(campaign: Campaign, open_as: OpenPage) -> None:
    page = open_as(factories.make_administrator(), "/")
    page.set_viewport_size({"width": 360, "height": 740})
    too_wide = {}

    for name, address in addresses(campaign).items():
        page.goto(address)
        too_wide[name] = page.evaluate(TURNED)

    assert not any(too_wide.values()), too_wide


def test_the_labelling_page_fits_a_phone_from_right_to_left(
    campaign: Campaign, phone: BrowserContext, open_as: OpenPage
) -> None:
    address = reverse("annotation:label", args=[campaign.pk])
    page = open_as(factories.make_annotator(), address, phone)
    expect(page.locator("label-desk")).to_have_attribute("data-hand", "2")

    too_wide = page.evaluate(TURNED)

    assert not too_wide


def test_the_language_is_chosen_without_scripts(
    open_window: Callable[..., BrowserContext], campaign: Campaign, open_as: OpenPage
) -> None:
    page = open_as(campaign.owner, "/", open_window(java_script_enabled=False))

    page.get_by_role("button", name="Deutsch").press("Enter")

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name="Deutsch")).to_have_attribute("aria-current", "true")


def test_the_preview_follows_the_form(campaign: Campaign, open_as: OpenPage) -> None:
    page = open_as(campaign.owner, reverse("annotation:launch"))

    page.get_by_label("Collection").select_option(str(campaign.collection_id))
    page.get_by_label("Answers").fill("joy = Joy\nfear = Fear")

    preview = page.locator(".launch-preview")
    expect(preview).to_contain_text("4 of 4")
    expect(preview).to_contain_text("Fear")


def test_a_campaign_is_launched_beside_its_preview(campaign: Campaign, open_as: OpenPage) -> None:
    page = open_as(campaign.owner, reverse("annotation:launch"))
    page.get_by_label("Name", exact=True).fill("Second look")
    page.get_by_label("Collection").select_option(str(campaign.collection_id))
    page.get_by_label("Question", exact=True).fill("What is felt?")
    page.get_by_label("Answers").fill("joy = Joy\nfear = Fear")
    expect(page.locator(".launch-preview")).to_contain_text("Fear")

    page.get_by_role("button", name="Make the draft").press("Enter")

    expect(page.get_by_role("heading", name="Second look")).to_be_visible()


def test_a_reviewer_decides_by_keys(database: None, open_as: OpenPage) -> None:
    for waiting in Consent.objects.filter(state=State.PENDING):
        review.approve(waiting, factories.make_reviewer())
    consent = factories.make_consent()
    page = open_as(factories.make_reviewer(), reverse("consent:reviews"))

    page.keyboard.press("o")
    expect(page.get_by_role("heading", name=consent.participant.code)).to_be_visible()
    page.keyboard.press("a")

    expect(page.get_by_role("status")).to_be_visible()
    consent.refresh_from_db()
    assert consent.state == "approved"


def test_a_part_that_is_fetched_after_the_session_ended_leads_to_the_door(
    campaign: Campaign, open_as: OpenPage
) -> None:
    page = open_as(campaign.owner, reverse("active_learning:rounds", args=[campaign.pk]))

    page.context.clear_cookies()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=9000)
    expect(page.locator("keep-open")).to_have_count(0)


def test_the_cursor_stands_in_the_first_field_that_was_refused(
    campaign: Campaign, open_as: OpenPage
) -> None:
    page = open_as(campaign.owner, reverse("annotation:launch"))
    page.get_by_label("Name", exact=True).fill("Third look")
    page.locator("main form").evaluate("form => { form.noValidate = true }")

    page.get_by_role("button", name="Make the draft").press("Enter")

    expect(page.get_by_label("Collection")).to_be_focused()


def test_a_long_address_breaks_on_a_phone(database: None, open_as: OpenPage) -> None:
    person = factories.make_administrator(email="somebody.with-a-long-name@institute.example.org")
    page = open_as(person, reverse("accounts:account"))

    page.set_viewport_size({"width": 360, "height": 740})

    assert page.evaluate(TOO_WIDE) == []
