"""A researcher decides about an alarm by keyboard alone, and the annotator can read it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from annotation import alarms
from annotation.models import AlarmKind, Standing
from tests import factories
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.test_cases import press_through_to
from tests.browser.test_pages import TOO_WIDE, violations

pytestmark = pytest.mark.browser


def test_an_alarm_is_decided_by_keyboard(database: None, open_as: OpenPage) -> None:
    campaign, annotator = desk.picture_campaign(2), factories.make_annotator()
    label = factories.make_label(campaign.tasks.earliest("pk"), annotator)
    seen = {"tested": 4, "answers": 4, "labels": [label.pk]}
    alarms.sound(campaign, annotator, AlarmKind.GOLD, seen, pauses=True)
    page = open_as(campaign.owner, reverse("annotation:campaign", args=[campaign.pk]))

    press_through_to(page, "Have a look")
    page.keyboard.press("Enter")
    press_through_to(page, "Answers to clips of known reading")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Advice").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Please look at each clip before you answer.")
    press_through_to(page, "Decide")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Decided. The annotator can read it.")).to_be_visible()
    assert campaign.members.get(user=annotator).standing == Standing.WORKING
    page.goto(reverse("annotation:annotator", args=[campaign.pk, annotator.pk]))
    expect(page.get_by_role("heading", name="Checks and alarms")).to_be_visible()
    assert not violations(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not page.evaluate(TOO_WIDE)
