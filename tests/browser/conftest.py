"""A real browser against the real site: `manage.py up`, and the system's Chromium.

The tests make their rows in the site's own database. It is never emptied: each test has its own
people and campaigns, and counts among those.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from accounts.models import User
from annotation.media import normalise
from annotation.models import Clip, Collection
from benchmarks._site import running_site
from tests import factories
from tests.annotation.media import samples

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]

OpenPage = Callable[..., Page]
MakeClip = Callable[..., Clip]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if shutil.which(path) is None:
        pytest.skip(f"needs Chromium at {path}; set CHROMIUM to where it is")
    # Playwright's loop runs in this thread, in which Django then suspects asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Run the whole site on the folder of the tests' settings, and return its address."""
    with running_site(settings.VAR_DIR) as address:
        yield address


@pytest.fixture(autouse=True)
def own_folders() -> None:
    """Leave media where the site looks for them."""


@pytest.fixture(autouse=True)
def database(site: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the test write into the site's database, as one more process beside it."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture
def db(database: None) -> None:
    """Stand in for the tests' own database, which is not used here."""


@pytest.fixture
def open_window(chromium: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a window of its own, as large as wished."""
    opened: list[BrowserContext] = []

    def open_window(width: int = 1280, height: int = 800, **options: Any) -> BrowserContext:
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(8000)
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()


@pytest.fixture
def window(open_window: Callable[..., BrowserContext]) -> BrowserContext:
    return open_window()


@pytest.fixture
def phone(open_window: Callable[..., BrowserContext]) -> BrowserContext:
    return open_window(390, 844, has_touch=True, is_mobile=True)


@pytest.fixture
def open_as(window: BrowserContext, site: str) -> OpenPage:
    """Return a function that opens an address as a person who has signed in."""

    def open_page(user: User, address: str, context: BrowserContext = window) -> Page:
        sign_in(context, user, site)
        page = context.new_page()
        page.goto(address)
        return page

    return open_page


def sign_in(context: BrowserContext, user: User, site: str) -> None:
    """Give the window a session of `user`."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])


@pytest.fixture
def make_film(tmp_path: Path) -> MakeClip:
    """Return a function that makes a clip of a small film with sound, which really plays."""

    def make_film(
        seconds: int = 2, name: str = "film", collection: Collection | None = None
    ) -> Clip:
        return _keep(samples.write_video(tmp_path / f"{name}.mp4", seconds=seconds), collection)

    return make_film


@pytest.fixture
def make_sound(tmp_path: Path) -> MakeClip:
    """Return a function that makes a clip of a tone, which really plays."""

    def make_sound(
        seconds: float = 2, name: str = "sound", collection: Collection | None = None
    ) -> Clip:
        path = samples.write_sound(tmp_path / f"{name}.m4a", "aac", seconds=seconds)
        return _keep(path, collection)

    return make_sound


def _keep(source: Path, collection: Collection | None) -> Clip:
    """Normalise a file as an import does, and keep it as a clip of a consenting person."""
    name = uuid4().hex
    media = normalise(source, settings.MEDIA_ROOT / name)
    return factories.make_clip(
        collection or factories.make_collection(),
        factories.make_consenting_participant(),
        external_id=source.stem,
        kind=media.kind,
        media=f"{name}/{media.file.name}",
        poster=f"{name}/{media.poster.name}" if media.poster else "",
        mime=media.mime,
        duration=media.duration,
        width=media.width or None,
        height=media.height or None,
        waveform=list(media.waveform),
    )
