"""An expert answers blind, sees what the others said, and decides, by keyboard alone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role
from annotation import consensus
from annotation.models import Adjudication, Campaign, Need
from tests import factories
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.desk import say
from tests.browser.test_pages import TOO_WIDE, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def campaign(database: None) -> Campaign:
    """A campaign of one film, of which the crowd said all there is to say."""
    campaign = desk.picture_campaign(1, redundancy=4, most_labels=4)
    task = campaign.tasks.get()
    for word in factories.EMOTIONS:
        task.refresh_from_db()
        factories.make_label(task, factories.make_annotator(), word)
    consensus.refresh(campaign, settle=True)
    task.refresh_from_db()
    assert task.need == Need.EXPERT
    return campaign


def press_through_to(page: Page, name: str) -> None:
    """Go on by Tab until what has this name is in focus."""
    wanted = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.first.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_an_expert_decides_by_keyboard(campaign: Campaign, open_as: OpenPage) -> None:
    expert = factories.make_user(Role.EXPERT)
    page = open_as(expert, reverse("annotation:cases", args=[campaign.pk]))
    expect(page.get_by_text("You have not answered it yet")).to_be_visible()
    press_through_to(page, "Answer the next one")
    page.keyboard.press("Enter")
    expect(page.locator("label-desk")).to_have_attribute("data-hand", "1")
    page.wait_for_timeout(desk.PACE_MS)
    say(page, "2")
    expect(page.get_by_role("heading", name="That is all for you")).to_be_visible()

    page.goto(reverse("annotation:cases", args=[campaign.pk]))
    press_through_to(page, campaign.tasks.get().clip.external_id)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Every label")).to_be_visible()
    page.get_by_role("radio", name="anger").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("The jaw is set, the brows are drawn.")
    press_through_to(page, "Decide")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Decided. The decision stands beside the labels.")).to_be_visible()
    decision = Adjudication.objects.get(task__campaign=campaign)
    assert (decision.category, decision.expert) == ("anger", expert)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_case_is_accessible_and_fits_a_phone(
    scheme: str, campaign: Campaign, open_as: OpenPage
) -> None:
    expert = factories.make_user(Role.EXPERT)
    (held,) = factories.lease(campaign, expert)
    factories.send(campaign, expert, factories.answer_to(held, "joy"))
    consensus.refresh(campaign, settle=True)
    page = open_as(expert, "/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    page.goto(reverse("annotation:case", args=[campaign.pk, held.task_id]))
    assert not violations(page)

    page.set_viewport_size({"width": 360, "height": 740})
    assert not page.evaluate(TOO_WIDE)
