"""Rounds whose workers, real processes, are killed by SIGKILL wherever they are."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.active_learning.own_site import Driver, Site
from tests.active_learning.site_process import PLACES

# For its tables alone, which are copied.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Path:
    """The folder of a site with a campaign whose rounds have several parts to predict."""
    folder = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock():
        copy_tables(folder / "attune.sqlite3")
    maker = Driver(folder)
    maker("make")
    maker.stop()
    return folder


@pytest.fixture(scope="module")
def undisturbed(folder: Path, site: Site) -> Iterator[Driver]:
    """The same site on its own, where nobody kills anything."""
    driver = Driver(folder.with_name("undisturbed"))
    yield driver
    driver.stop()


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    shutil.copytree(folder, folder.with_name("undisturbed"))
    with Site(folder, workers=2) as site:
        yield site


@pytest.mark.parametrize("place", [place for place in PLACES if place != "helping"])
def test_a_round_whose_worker_is_killed_ends_as_an_undisturbed_one(
    site: Site, undisturbed: Driver, place: str
) -> None:
    before, seen, wanted = end_killed(site, undisturbed, place)

    number = len(wanted["rounds"])
    assert seen["rounds"] == wanted["rounds"]
    assert seen["order"] == wanted["order"] != before
    assert site.tell("replay", number)
    assert place == "done" or not list(site.folder.rglob("*-chunks-*"))


def test_a_part_whose_worker_is_killed_is_done_by_the_other_and_no_part_twice(
    site: Site, undisturbed: Driver
) -> None:
    _before, seen, wanted = end_killed(site, undisturbed, "helping")

    assert (seen["rounds"], seen["order"]) == (wanted["rounds"], wanted["order"])
    jobs = [job for job in seen["jobs"] if job["kind"] == "round-chunk"]
    last = jobs[-1]["args"]["round"]
    parts = [job for job in jobs if job["args"]["round"] == last]
    assert [job["args"]["number"] for job in parts] == [0, 1, 2, 3]
    assert sorted(job["attempts"] for job in parts) == [1, 1, 1, 2]


def end_killed(site: Site, undisturbed: Driver, place: str) -> tuple[Any, Any, Any]:
    """Kill who comes to `place` in a round, and wait until the other worker has ended it.

    Returns:
        The order before it, all as it is then, and as it is where nobody is killed.
    """
    before = site.tell("look")["order"]
    site.stop_at(place)
    number = site.tell("ask")
    undisturbed("run")
    site.kill_who_stopped()
    if place != "done":
        assert site.tell("look")["order"] == before
        assert site.round(number)["state"] == "running"
    site.wait_for(partial(is_over, site, number, before))
    seen = site.tell("look")
    assert {job["state"] for job in seen["jobs"] if job["kind"] != "copying"} == {"done"}
    return before, seen, undisturbed("look")


def copy_tables(file: Path) -> None:
    """Copy the empty tables that the tests have anyway."""
    if connection.vendor != "sqlite":
        pytest.skip("the site's database is SQLite: these run with the tests on it")
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)


def is_over(site: Site, number: int, before: Any) -> bool:
    """Say whether a round is over; until then the order has to be what it was."""
    seen = site.tell("look")
    over: bool = seen["rounds"][number - 1]["state"] != "running"
    assert over or seen["order"] == before
    return over
