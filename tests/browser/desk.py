"""What the tests of the labelling page share: clips that move, and answers at a person's pace."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import User
from annotation.models import Campaign, Clip
from tests import factories
from tests.annotation.media import samples

STATE = "[data-slot=state]"
PACE_MS = 300  # An answer faster than a person is taken for a slip of the key.
Document = dict[str, Any]


def picture_campaign(clips: int, **fields: Any) -> Campaign:
    """Make a campaign over so many small pictures."""
    campaign = factories.make_campaign(clips=clips, **fields)
    for clip in campaign.collection.clips.all():
        factories.draw_media(clip)
    return campaign


def film_campaign(clips: int, seconds: int = 1, *, full_view: bool = False) -> Campaign:
    """Make a campaign over so many short films, which need not be seen to their end."""
    collection = factories.make_collection()
    person = factories.make_consenting_participant()
    for _ in range(clips):
        name = f"clips/{uuid4()}.mp4"
        clip = factories.make_clip(
            collection, person, kind="video", mime="video/mp4", media=name, duration=seconds
        )
        film(clip, seconds)
    return factories.make_campaign(collection, full_view=full_view)


def film(clip: Clip, seconds: int) -> None:
    path = Path(settings.MEDIA_ROOT) / clip.media
    path.parent.mkdir(parents=True, exist_ok=True)
    samples.write_video(path, seconds=seconds)


def asking(questions: list[dict[str, Any]], clips: int = 3) -> Campaign:
    """Make a running campaign that asks several questions about each picture."""
    return picture_campaign(clips, questions=questions)


def choice(name: str, prompt: str, options: list[str]) -> dict[str, Any]:
    kind = "single-choice"
    return {"name": name, "instrument": kind, "prompt": prompt, "options": options}


def open_desk(open_as: Callable[..., Page], campaign: Campaign, user: User | None = None) -> Page:
    """Open the page and wait until the clips are in hand."""
    user = user or factories.make_annotator()
    page = open_as(user, reverse("annotation:label", args=[campaign.pk]))
    expect(page.locator("label-desk")).to_have_attribute("data-hand", re.compile("[1-9]"))
    page.wait_for_timeout(PACE_MS)
    return page


def say(page: Page, *keys: str) -> None:
    """Press the keys of one answer, as slowly as a quick person."""
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_timeout(PACE_MS)


def pretend(window: BrowserContext, change: Callable[[Document], Document]) -> None:
    """Let `change` rewrite every assignment that the server sends, page and script."""

    def in_page(route: Route) -> None:
        if route.request.method != "GET":
            return route.continue_()
        response = route.fetch()
        html = re.sub(
            r'(<script type="application/json">)(.*?)(</script>)',
            lambda found: found[1] + safe(change(json.loads(found[2]))) + found[3],
            response.text(),
            flags=re.DOTALL,
        )
        return route.fulfill(response=response, body=html)

    def in_batch(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        body["assignments"] = [change(one) for one in body.get("assignments", [])]
        route.fulfill(response=response, json=body)

    window.route("**/label/", in_page)
    window.route("**/batch/", in_batch)


def safe(document: Document) -> str:
    return json.dumps(document).replace("<", "\\u003C")


def answers(route: Route) -> list[Document]:
    """Return the answers that a request brings to the server."""
    body: Document = route.request.post_data_json or {}
    return list(body["answers"])


def hold_next(page: Page | BrowserContext, address: str) -> list[Route]:
    """Hold back the next request to `address`; it is in the list once it was made."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(address, hold, times=1)
    return held


def play_to_the_end(page: Page) -> None:
    """Wait until the film that plays has ended."""
    page.locator("video").evaluate(
        """video => video.ended || new Promise((done) => {
          video.addEventListener("ended", () => done(true));
        })"""
    )
