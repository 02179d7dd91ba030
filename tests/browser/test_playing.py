"""Clips that play: the real site sends them, and the real browser decodes them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from annotation.models import Clip
from tests import factories
from tests.browser.conftest import MakeClip, OpenPage

pytestmark = pytest.mark.browser

# What a media element says of itself once it has run to its end.
PLAYED = """async (player) => {
  if (player.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) {
    await new Promise((resolve) => player.addEventListener("canplay", resolve, { once: true }));
  }
  player.muted = true;
  player.currentTime = player.duration - 0.3;
  await new Promise((resolve, reject) => {
    player.onended = resolve;
    player.onerror = () => reject(player.error);
    player.play().catch(reject);
  });
  return [player.duration, player.videoWidth ?? 0];
}"""


def play(clip: Clip, open_as: OpenPage) -> tuple[float, int]:
    """Open the clip for labelling, play its last moments, and return its length and width."""
    campaign = factories.make_campaign(clip.collection)
    page = open_as(factories.make_annotator(), reverse("annotation:label", args=[campaign.pk]))
    player = page.locator(".stage :is(video, audio)")
    player.wait_for(state="attached")
    duration, width = player.evaluate(PLAYED)
    return duration, width


def test_a_film_plays_to_its_end(make_film: MakeClip, open_as: OpenPage) -> None:
    clip = make_film(seconds=2)

    duration, width = play(clip, open_as)

    assert duration == pytest.approx(2, abs=0.2)
    assert width == clip.width


def test_a_sound_plays_to_its_end(make_sound: MakeClip, open_as: OpenPage) -> None:
    clip = make_sound(seconds=1.5)

    duration, width = play(clip, open_as)

    assert duration == pytest.approx(1.5, abs=0.2)
    assert width == 0
