"""Stages, suggestions, veils and breaks as the real server has them, from the page to the rows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from annotation import care
from annotation.models import Assignment, Campaign, Label
from tests import factories
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.desk import STATE, say

pytestmark = pytest.mark.browser
LAYERS = {"before": "They had argued.", "setting": "At work, late."}


def staged(*stages: str) -> Campaign:
    collection = factories.make_collection()
    clip = factories.make_clip(collection, factories.make_consenting_participant(), layers=LAYERS)
    factories.draw_media(clip)
    return factories.make_campaign(
        collection, stages=list(stages), context_first_share=0.0, never_suggested_share=0.0
    )


def rows(campaign: Campaign) -> list[tuple[str, int, bool | None]]:
    return list(campaign.labels.order_by("pk").values_list("stage", "step", "kept"))


def test_blind_then_layer_by_layer_kept_or_changed(database: None, open_as: OpenPage) -> None:
    campaign = staged("blind", "context")
    page = desk.open_desk(open_as, campaign)
    expect(page.get_by_text("They had argued.")).to_have_count(0)

    say(page, "1")
    expect(page.get_by_text("They had argued.")).to_be_visible()
    expect(page.get_by_text("At work, late.")).to_have_count(0)
    page.wait_for_timeout(desk.PACE_MS)
    page.keyboard.press("k")
    expect(page.get_by_text("At work, late.")).to_be_visible()
    page.wait_for_timeout(desk.PACE_MS)
    say(page, "2")

    expect(page.get_by_role("heading", name="That is all for you")).to_be_visible()
    assert rows(campaign) == [("blind", 0, None), ("context", 1, True), ("context", 2, False)]


def test_a_suggestion_is_seen_after_the_blind_answer_only(
    database: None, open_as: OpenPage
) -> None:
    campaign = staged("blind", "assisted")
    campaign.tasks.update(suggestion={"joy": 0.7, "sadness": 0.1, "anger": 0.1, "calm": 0.1})
    page = desk.open_desk(open_as, campaign)
    expect(page.get_by_text("What a model would say")).to_be_hidden()

    say(page, "1")
    expect(page.get_by_text("What a model would say")).to_be_visible()
    page.wait_for_timeout(desk.PACE_MS)
    page.keyboard.press("k")

    expect(page.get_by_role("heading", name="That is all for you")).to_be_visible()
    assert [stage for stage, _, _ in rows(campaign)] == ["blind", "assisted"]
    assert Label.objects.latest("pk").shown["suggestion"]["joy"] == 0.7


@pytest.fixture
def flagged(database: None) -> Campaign:
    campaign = desk.picture_campaign(clips=3, flagged_before_break=2)
    for clip in campaign.collection.clips.all():
        care.flag(clip, ["violence"], None)
    return campaign


def begin(open_as: OpenPage, campaign: Campaign) -> Page:
    """Read what the clips are flagged with, and go on to the first."""
    page = open_as(factories.make_annotator(), f"/campaigns/{campaign.pk}/label/")
    expect(page.get_by_text("Violence").first).to_be_visible()
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/label/")
    page.wait_for_timeout(2 * desk.PACE_MS)
    return page


def test_a_flagged_clip_is_veiled_until_it_is_revealed_and_then_comes_a_break(
    flagged: Campaign, open_as: OpenPage
) -> None:
    page = begin(open_as, flagged)
    expect(page.get_by_text("This clip may be hard to watch")).to_be_visible()

    page.keyboard.press("v")
    say(page, "1")
    page.keyboard.press("x")

    expect(page.get_by_role("heading", name="Time for a break")).to_be_visible()
    expect(page.locator(STATE)).to_have_text("Saved")
    first, second = Assignment.objects.filter(campaign=flagged).order_by("pk")
    assert (first.state, first.revealed) == ("labelled", True)
    assert (second.state, second.skip_reason) == ("skipped", "stopped")
