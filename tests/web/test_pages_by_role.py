"""Every page, asked for by nobody in particular, a stranger, an annotator and those it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Campaign, ClipImport
from consent.models import Consent
from tests import factories

SIGN_IN, FORBIDDEN, NOT_FOUND, OK = 302, 403, 404, 200


@dataclass(frozen=True)
class World:
    """One campaign with what belongs to it, and the people who knock."""

    campaign: Campaign
    consent: Consent
    report: ClipImport
    people: dict[str, User | None]


@pytest.fixture
def world(db: None) -> World:
    owner = factories.make_researcher()
    campaign = factories.make_campaign(owner=owner)
    people = {
        "nobody": None,
        "stranger": factories.make_researcher(),
        "annotator": factories.make_annotator(),
        "reviewer": factories.make_reviewer(),
        "owner": owner,
        "administrator": factories.make_administrator(),
    }
    report = ClipImport.objects.create(collection=campaign.collection, source="clips.csv")
    return World(campaign, factories.make_consent(), report, people)


Address = Callable[[World], str]


def _in_campaign(name: str) -> Address:
    return lambda world: reverse(name, args=[world.campaign.pk])


def _of_collection(name: str) -> Address:
    return lambda world: reverse(name, args=[world.campaign.collection_id])


def _plain(name: str) -> Address:
    return lambda world: reverse(name)


# Answers to: nobody, stranger, annotator, reviewer, owner, administrator.
EVERYBODY = (OK, OK, OK, OK, OK, OK)
SIGNED_IN = (SIGN_IN, OK, OK, OK, OK, OK)
RESEARCHERS = (SIGN_IN, OK, FORBIDDEN, FORBIDDEN, OK, OK)
REVIEWERS = (SIGN_IN, FORBIDDEN, FORBIDDEN, OK, FORBIDDEN, OK)
MANAGERS = (SIGN_IN, NOT_FOUND, NOT_FOUND, NOT_FOUND, OK, OK)
ANNOTATORS = (SIGN_IN, NOT_FOUND, OK, NOT_FOUND, NOT_FOUND, NOT_FOUND)

PAGES: dict[str, tuple[Address, tuple[int, ...]]] = {
    "home": (_plain("home"), SIGNED_IN),
    "sign in": (_plain("account_login"), (OK, 302, 302, 302, 302, 302)),
    "password reset": (_plain("account_reset_password"), EVERYBODY),
    "account": (_plain("accounts:account"), SIGNED_IN),
    "people": (_plain("accounts:people"), RESEARCHERS),
    "campaigns": (_plain("annotation:campaigns"), RESEARCHERS),
    "launch": (_plain("annotation:launch"), RESEARCHERS),
    "campaign": (_in_campaign("annotation:campaign"), MANAGERS),
    "figures": (_in_campaign("annotation:figures"), MANAGERS),
    "rounds": (_in_campaign("active_learning:rounds"), MANAGERS),
    "label": (_in_campaign("annotation:label"), ANNOTATORS),
    "join": (_in_campaign("annotation:join"), ANNOTATORS),
    "care": (_plain("annotation:care"), ANNOTATORS),
    "flags": (
        lambda w: reverse("annotation:clip-flags", args=[w.campaign.tasks.earliest("pk").clip_id]),
        RESEARCHERS,
    ),
    "collections": (_plain("annotation:collections"), RESEARCHERS),
    "collection": (_of_collection("annotation:collection"), RESEARCHERS),
    "upload": (_of_collection("annotation:upload"), RESEARCHERS),
    "import": (lambda w: reverse("annotation:import", args=[w.report.pk]), RESEARCHERS),
    "reviews": (_plain("consent:reviews"), REVIEWERS),
    "decided": (_plain("consent:decided"), REVIEWERS),
    "participants": (_plain("consent:participants"), REVIEWERS),
    "consent": (lambda w: reverse("consent:record", args=[w.consent.pk]), REVIEWERS),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_each_person_as_their_role_says(page: str, world: World) -> None:
    address, expected = PAGES[page]
    answers = []

    for person in world.people.values():
        client = Client()
        if person:
            client.force_login(person)
        answers.append(client.get(address(world)).status_code)

    assert tuple(answers) == expected


FORMS: dict[str, tuple[Address, tuple[int, ...]]] = {
    "state": (_in_campaign("annotation:campaign-state"), (302, 404, 404, 404, 302, 302)),
    "invite": (_in_campaign("annotation:invite"), (302, 404, 404, 404, 302, 302)),
    "export": (_in_campaign("annotation:export-create"), (302, 404, 404, 404, 302, 302)),
    "round": (_in_campaign("active_learning:rounds"), (302, 404, 404, 404, 302, 302)),
    "preview": (_plain("annotation:launch-preview"), (302, OK, FORBIDDEN, FORBIDDEN, OK, OK)),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_taken_from_those_it_is_for_alone(form: str, world: World) -> None:
    address, expected = FORMS[form]
    answers = []

    for person in world.people.values():
        client = Client()
        if person:
            client.force_login(person)
        answers.append(client.post(address(world), {"change": "", "format": ""}).status_code)

    assert tuple(answers) == expected


def test_who_is_not_signed_in_is_sent_to_the_door_and_back(world: World, client: Client) -> None:
    address = reverse("annotation:campaign", args=[world.campaign.pk])

    answer = client.get(address)

    assert answer["Location"] == f"{reverse('account_login')}?next={address}"


def test_a_form_without_its_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.campaign.owner)

    answer = client.post(reverse("annotation:campaign-state", args=[world.campaign.pk]))

    assert answer.status_code == FORBIDDEN
    assert "open for too long" in answer.content.decode()


def test_a_page_that_is_not_there_says_so_calmly(client: Client, annotator: User) -> None:
    client.force_login(annotator)

    answer = client.get("/nowhere/")

    assert answer.status_code == NOT_FOUND
    assert "Nothing is here" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_style_or_script_that_the_policy_would_block(page: str, world: World) -> None:
    address, expected = PAGES[page]
    people = [p for p, status in zip(world.people.values(), expected, strict=True) if status == OK]
    client = Client()
    if people[-1]:
        client.force_login(people[-1])

    html = client.get(address(world)).content.decode()

    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert all("src=" in script for script in html.split("<script")[1:])
