"""The language of the pages: chosen by the person, and written in its direction."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.views.defaults import server_error
from pytest_django.fixtures import Settings

from annotation import consensus
from annotation.models import Campaign
from tests import factories

pytestmark = pytest.mark.django_db

STYLES = sorted(Path(project.BASE_DIR, "static", "css").glob("*.css"))
# A side of the screen, where a side of the writing is meant.
PHYSICAL = re.compile(r"(?<!safe-area-inset-)\b(left|right)\b|translateX|inset -?[1-9]")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECIMAL_COMMA = re.compile(r'="-?\d+,\d+%?"')


def choose(client: Client, language: str, then: str = "/") -> str:
    """Choose a language as the form in the footer does, and return the page that follows."""
    address = reverse("set_language")
    answer = client.post(address, {"language": language, "next": then}, follow=True)
    return answer.content.decode()


def test_a_choice_is_remembered(client: Client) -> None:
    choose(client, "de", reverse("account_login"))

    page = client.get(reverse("account_login"), headers={"Accept-Language": "es"})

    assert '<html lang="de" dir="ltr">' in page.content.decode()


def test_a_choice_leads_back_to_the_page(client: Client) -> None:
    there = reverse("account_login")

    answer = client.post(reverse("set_language"), {"language": "es", "next": there})

    assert answer.headers["Location"] == there


def test_a_choice_leads_nowhere_else(client: Client) -> None:
    elsewhere = "https://example.org/"

    answer = client.post(reverse("set_language"), {"language": "es", "next": elsewhere})

    assert answer.headers["Location"] == "/"


def test_without_a_choice_the_browser_decides(client: Client) -> None:
    page = client.get(reverse("account_login"), headers={"Accept-Language": "es-MX, en;q=0.5"})

    assert '<html lang="es" dir="ltr">' in page.content.decode()


def test_the_languages_on_offer_are_named_in_themselves(client: Client) -> None:
    page = choose(client, "de", reverse("account_login"))

    assert re.findall(r'name="language" value="(\w+)"', page) == ["en", "de", "es"]
    assert re.findall(r'value="(\w+)" lang="\w+" aria-current="true"', page) == ["de"]
    assert "Español" in page


@pytest.fixture
def arabic(settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "العربية")]


@pytest.mark.parametrize(("address", "status"), [("/accounts/login/", 200), ("/nowhere/", 404)])
def test_a_language_from_right_to_left_turns_the_page(
    address: str, status: int, client: Client, arabic: None
) -> None:
    page = client.get(address, headers={"Accept-Language": "ar"})

    assert page.status_code == status
    assert '<html lang="ar" dir="rtl">' in page.content.decode()


def test_the_last_resort_is_turned_too(arabic: None) -> None:
    request: HttpRequest = RequestFactory().get("/")

    with translation.override("ar"):
        page = server_error(request)

    assert '<html lang="ar" dir="rtl">' in page.content.decode()


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.stem)
def test_styles_know_no_left_and_right(style: Path) -> None:
    rules = COMMENT.sub("", style.read_text())

    assert not PHYSICAL.findall(rules)


def test_what_is_named_by_a_noun_is_named_in_german(client: Client) -> None:
    campaign = factories.make_campaign()
    client.force_login(campaign.owner)

    page = choose(client, "de", reverse("annotation:campaign", args=[campaign.pk]))
    collection = client.get(reverse("annotation:collection", args=[campaign.collection_id]))

    assert "Emotionsforschung" in page
    assert "<dt>Bild</dt>" in collection.content.decode()


@pytest.mark.parametrize("name", ["campaign", "label"])
def test_numbers_for_machines_keep_their_point(name: str, client: Client) -> None:
    campaign = _labelled()
    person = campaign.owner if name == "campaign" else factories.make_annotator()
    client.force_login(person)

    page = choose(client, "de", reverse(f"annotation:{name}", args=[campaign.pk]))

    assert 'lang="de"' in page
    assert not DECIMAL_COMMA.findall(page)


def _labelled() -> Campaign:
    campaign = factories.make_campaign(clips=3)
    people = [factories.make_annotator() for _ in range(3)]
    for task, said in zip(campaign.tasks.all(), ["joy", "anger", "joy"], strict=True):
        for person in people[:2]:
            factories.make_label(task, person, said)
    consensus.refresh(campaign, settle=True)
    return campaign
