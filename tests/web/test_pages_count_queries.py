"""Lists ask the database as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from annotation.models import Campaign
from tests import factories

FEW, MANY = 2, 9


def _campaigns(owner: User, n: int) -> str:
    for _ in range(n):
        factories.make_campaign(owner=owner, clips=1)
    return reverse("annotation:campaigns")


def _home(owner: User, n: int) -> str:
    _campaigns(owner, n)
    return reverse("home")


def _collections(owner: User, n: int) -> str:
    for _ in range(n):
        factories.make_collection(clips=1)
    return reverse("annotation:collections")


def _collection(owner: User, n: int) -> str:
    collection = factories.make_collection(clips=n, people=n)
    return reverse("annotation:collection", args=[collection.pk])


def _people(owner: User, n: int) -> str:
    for _ in range(n):
        owner.invitations.issue(owner)
    return reverse("accounts:people")


def _figures(owner: User, n: int) -> str:
    campaign = factories.make_campaign(owner=owner, clips=n)
    for task in campaign.tasks.all():
        factories.make_label(task)
        factories.make_label(task, value="anger")
    _settle(campaign)
    return reverse("annotation:figures", args=[campaign.pk])


def _settle(campaign: Campaign) -> None:
    from annotation import consensus  # noqa: PLC0415 - imports scipy, which others here do not need

    consensus.refresh(campaign, settle=True)


def _reviews(owner: User, n: int) -> str:
    for _ in range(n):
        factories.make_consent()
    return reverse("consent:reviews")


def _participants(owner: User, n: int) -> str:
    _reviews(owner, n)
    return reverse("consent:participants")


LISTS = [
    _campaigns, _home, _collections, _collection, _people, _figures, _reviews, _participants,
]  # fmt: skip


@pytest.mark.parametrize("arrange", LISTS)
def test_a_list_asks_as_often_for_many_as_for_few(
    arrange: Callable[[User, int], str], db: None
) -> None:
    asked = []

    for n in (FEW, MANY):
        owner = factories.make_administrator()
        client = Client()
        client.force_login(owner)
        address = arrange(owner, n)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1]
    assert asked[1] <= 24
