"""The bytes of a clip: for one person, one task, a while, and as long as everybody consents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from annotation import media_links
from annotation.models import Assignment, Campaign
from consent import review
from consent.models import Consent
from tests.annotation.api.calling import Caller, problem
from tests.factories import (
    draw_media,
    lease,
    make_administrator,
    make_annotator,
    make_campaign,
    make_comparison,
    make_researcher,
    make_reviewer,
)


@pytest.fixture
def assignment(campaign: Campaign, annotator: User) -> Assignment:
    (assignment,) = lease(campaign, annotator)
    draw_media(assignment.task.clip)
    return assignment


def fetch(user: User, url: str, **headers: str) -> tuple[Any, bytes]:
    response = Caller(user).get(url, **headers)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response, content


def url_for(assignment: Assignment, user: User | None = None) -> str:
    return media_links.media_url(assignment.task_id, (user or assignment.annotator).pk)


def test_who_holds_the_task_sees_its_clip(assignment: Assignment) -> None:
    response, content = fetch(assignment.annotator, url_for(assignment))

    assert response.status_code == 200
    assert content == assignment.task.clip.media_path.read_bytes()
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert assignment.task.clip.external_id not in response["Content-Disposition"]


def test_a_part_is_a_part(assignment: Assignment) -> None:
    response, content = fetch(assignment.annotator, url_for(assignment), Range="bytes=2-5")

    assert response.status_code == 206
    assert content == assignment.task.clip.media_path.read_bytes()[2:6]


def test_a_part_beyond_the_end_is_refused(assignment: Assignment) -> None:
    response, _content = fetch(assignment.annotator, url_for(assignment), Range="bytes=99999999-")

    assert response.status_code == 416


def test_the_next_part_is_refused_once_consent_is_gone(assignment: Assignment) -> None:
    url = url_for(assignment)
    first, _content = fetch(assignment.annotator, url, Range="bytes=0-9")
    review.withdraw(Consent.objects.get(), None)

    second, content = fetch(assignment.annotator, url, Range="bytes=10-19")

    assert (first.status_code, second.status_code) == (206, 404)
    assert content != assignment.task.clip.media_path.read_bytes()[10:20]


def test_a_link_is_of_no_use_to_another(assignment: Assignment) -> None:
    lease(assignment.campaign, other := make_annotator())

    response, _content = fetch(other, url_for(assignment))

    assert response.status_code == 404


def test_a_stranger_is_asked_who_they_are(assignment: Assignment) -> None:
    problem(Caller().get(url_for(assignment)), 401)


def test_who_does_not_hold_the_task_sees_nothing(assignment: Assignment) -> None:
    other = make_annotator()

    assert fetch(other, url_for(assignment, other))[0].status_code == 404


@pytest.mark.parametrize(
    ("state", "status"),
    [("leased", 200), ("labelled", 200), ("skipped", 200), ("expired", 404), ("withdrawn", 404)],
)
def test_a_clip_is_seen_as_long_as_the_task_is_ones_own(
    assignment: Assignment, state: str, status: int
) -> None:
    Assignment.objects.update(state=state)

    assert fetch(assignment.annotator, url_for(assignment))[0].status_code == status


def test_only_who_manages_the_campaign_sees_its_clips(assignment: Assignment) -> None:
    owner = assignment.campaign.owner
    statuses = [
        fetch(user, url_for(assignment, user))[0].status_code
        for user in (owner, make_administrator(), make_researcher(), make_reviewer())
    ]

    assert statuses == [200, 200, 404, 404]


def test_a_link_ends(assignment: Assignment) -> None:
    url = url_for(assignment)
    later = timezone.now() + timedelta(seconds=settings.MEDIA_LINK_SECONDS + 1)

    with time_machine.travel(later):
        assert fetch(assignment.annotator, url)[0].status_code == 404


@pytest.mark.parametrize(
    "what",
    ["1.1.media", "forged", "", "1.1.media:1abcde:AAAA", "x.y.z", f"{10**30}.1.media"],
)
@pytest.mark.parametrize("is_signed", [False, True])
def test_a_link_that_was_not_made_here_leads_nowhere(
    annotator: User, what: str, *, is_signed: bool
) -> None:
    salt = "another.use" if what == "1.1.media" else media_links.SALT
    token = signing.TimestampSigner(salt=salt).sign(what) if is_signed else what or "-"

    assert fetch(annotator, f"/media/{token}/")[0].status_code == 404


def test_one_letter_changed_leads_nowhere(assignment: Assignment) -> None:
    url = url_for(assignment)
    forged = url.replace(f"/{assignment.task_id}.", f"/{assignment.task_id + 1}.")

    assert forged != url
    assert fetch(assignment.annotator, forged)[0].status_code == 404


def test_a_missing_poster_or_file_is_not_found(assignment: Assignment) -> None:
    poster = media_links.poster_url(assignment.task_id, assignment.annotator_id)
    assert fetch(assignment.annotator, poster)[0].status_code == 404

    assignment.task.clip.media_path.unlink()
    assert fetch(assignment.annotator, url_for(assignment))[0].status_code == 404


def test_behind_nginx_the_bytes_are_left_to_it(assignment: Assignment, settings: Settings) -> None:
    settings.MEDIA_ACCEL_PREFIX = "/protected/"

    response, content = fetch(assignment.annotator, url_for(assignment))

    assert response["X-Accel-Redirect"] == f"/protected/{assignment.task.clip.media}"
    assert content == b""


def test_a_clip_in_two_campaigns_is_judged_by_the_task(annotator: User) -> None:
    one = make_campaign(clips=1)
    other = make_campaign(one.collection, purpose=one.purpose)
    (assignment,) = lease(one, annotator)
    draw_media(assignment.task.clip)
    url = media_links.media_url(other.tasks.get().pk, annotator.pk)

    assert fetch(annotator, url)[0].status_code == 404


@pytest.fixture
def four(annotator: User) -> Assignment:
    (assignment,) = lease(make_comparison("best-worst", clips=4), annotator)
    for shade, clip in enumerate(assignment.task.clips):
        draw_media(clip, shade * 50)
    return assignment


@pytest.mark.parametrize("place", range(4))
def test_each_clip_of_a_comparison_has_an_address(four: Assignment, place: int) -> None:
    url = media_links.media_url(four.task_id, four.annotator_id, place)

    response, content = fetch(four.annotator, url)

    assert response.status_code == 200
    assert content == four.task.clips[place].media_path.read_bytes()


def test_a_place_beyond_the_comparison_is_not_there(four: Assignment) -> None:
    url = media_links.media_url(four.task_id, four.annotator_id, 4)

    assert fetch(four.annotator, url)[0].status_code == 404


def test_an_address_of_a_single_clip_opens_no_second(assignment: Assignment) -> None:
    url = media_links.media_url(assignment.task_id, assignment.annotator_id, 1)

    assert fetch(assignment.annotator, url)[0].status_code == 404


def test_no_clip_of_a_comparison_is_seen_once_one_of_its_people_withdraws(
    four: Assignment,
) -> None:
    urls = [media_links.media_url(four.task_id, four.annotator_id, place) for place in range(4)]
    review.withdraw(four.task.clips[2].participants.get().consents.get(), None)

    assert {fetch(four.annotator, url)[0].status_code for url in urls} == {404}


def test_an_address_of_a_comparison_is_good_for_one_person(four: Assignment) -> None:
    url = media_links.media_url(four.task_id, four.annotator_id, 2)

    assert fetch(make_annotator(), url)[0].status_code == 404
