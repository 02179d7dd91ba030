"""Captions, the neutral baseline and the undo window, as the real server has them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotation.models import Campaign
from tests import factories
from tests.browser import desk
from tests.browser.conftest import MakeClip, OpenPage
from tests.browser.desk import STATE, say

pytestmark = pytest.mark.browser
SAID = "WEBVTT\n\n00:00.000 --> 00:30.000\n<v Ann>I told you so.\n"
MODE = "document.querySelector('.stage video').textTracks[0].mode"
CUES = "[...document.querySelector('.stage video').textTracks[0].cues ?? []].map((cue) => cue.text)"

LOADED = """track => track.readyState === 2 || new Promise((done) => {
  track.addEventListener("load", () => done(true));
})"""


def films(make_film: MakeClip, clips: int = 2, **settings: Any) -> Campaign:
    first = make_film()
    for number in range(clips - 1):
        make_film(name=f"film{number}", collection=first.collection)
    first.collection.clips.update(layers={"transcript": SAID})
    return factories.make_campaign(first.collection, full_view=False, **settings)


def test_captions_come_from_the_transcript_by_key_and_stay_on(
    database: None, make_film: MakeClip, open_as: OpenPage
) -> None:
    campaign = films(make_film, captions=True)
    page = desk.open_desk(open_as, campaign)
    assert page.evaluate(MODE) == "disabled"

    page.keyboard.press("c")
    assert page.evaluate(MODE) == "showing"
    page.locator(".stage track").evaluate(LOADED)
    assert page.evaluate(CUES) == ["<v Ann>I told you so."]
    say(page, "1")

    assert page.evaluate(MODE) == "showing"
    page.keyboard.press("c")
    say(page, "1")
    expect(page.get_by_role("heading", name="That is all for you")).to_be_visible()
    seen = [one.playback["captions"] for one in campaign.labels.order_by("pk")]
    assert seen == [True, True]


def test_the_neutral_baseline_plays_in_a_second_player(
    database: None, make_film: MakeClip, open_as: OpenPage
) -> None:
    clip = make_film()
    neutral = make_film(name="neutral", collection=factories.make_collection())
    neutral.participants.set(clip.participants.all())
    clip.baseline = neutral
    clip.save()
    campaign = factories.make_campaign(
        clip.collection, stages=["blind", "context"], context_first_share=0.0, full_view=False
    )
    page = desk.open_desk(open_as, campaign)
    expect(page.locator("video")).to_have_count(1)

    say(page, "1")

    baseline = page.get_by_label("The same person, in a neutral moment")
    expect(baseline).to_be_visible()
    baseline.evaluate("video => (video.muted = true) && video.play()")
    expect(baseline).to_have_js_property(name="ended", value=True)
    say(page, "2")
    expect(page.get_by_role("heading", name="That is all for you")).to_be_visible()
    last = campaign.labels.latest("pk")
    assert (last.stage, last.shown["layers"]) == ("context", ["baseline"])


def answered(open_as: OpenPage, campaign: Campaign) -> Page:
    page = desk.open_desk(open_as, campaign)
    say(page, "1")
    expect(page.locator(STATE)).to_have_text("Saved")
    return page


def test_an_answer_changed_within_the_window_supersedes(database: None, open_as: OpenPage) -> None:
    campaign = desk.picture_campaign(clips=3, undo_seconds=60)
    page = answered(open_as, campaign)
    first = campaign.labels.get()

    page.keyboard.press("u")
    expect(page.locator("input[name=emotion]").nth(0)).to_be_checked()
    page.wait_for_timeout(desk.PACE_MS)
    say(page, "3")

    expect(page.locator(STATE)).to_have_text("Saved")
    second = campaign.labels.latest("pk")
    order = first.options_order["emotion"]
    assert (second.supersedes, second.assignment) == (first, first.assignment)
    assert [first.value["emotion"], second.value["emotion"]] == [order[0], order[2]]


def test_after_the_window_nothing_can_be_taken_back(database: None, open_as: OpenPage) -> None:
    campaign = desk.picture_campaign(clips=3, undo_seconds=3)
    page = answered(open_as, campaign)
    undo = page.locator("[data-slot=undo]")
    expect(undo).to_be_hidden()
    shown = page.locator("input[name=assignment]").input_value()

    page.keyboard.press("u")

    assert page.locator("input[name=assignment]").input_value() == shown
    assert campaign.labels.count() == 1
