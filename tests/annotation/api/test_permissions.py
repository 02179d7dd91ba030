"""Every route for every role: a new route without a row here fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Role
from active_learning.models import Plan, Proposal
from annotation import alarms, gold
from annotation.export import request_export
from annotation.gold import Known
from annotation.models import AlarmKind, Assignment
from consent.models import Consent
from tests.active_learning.judged import EVIDENCE, make_judged_round
from tests.annotation.api.calling import Caller
from tests.factories import (
    lease,
    make_annotator,
    make_campaign,
    make_consent,
    make_user,
    make_vector_set,
)

PREFIX = "api/v1/"
ROLES = ("stranger", "annotator", "expert", "researcher", "consent_reviewer", "administrator")

# Who gets what: the status for each of ROLES in turn. `owner` is a researcher's own campaign;
# theirs is that of another researcher.
LISTS = (401, 403, 403, 200, 403, 200)
CONSENTS = (401, 403, 403, 200, 200, 200)
MANAGED = (401, 403, 403, 404, 403, 200)
MINE = (401, 404, 404, 404, 404, 404)
TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "campaigns/"): (401, 200, 200, 200, 200, 200),
    ("POST", "campaigns/"): (401, 403, 403, 422, 403, 422),
    ("GET", "campaigns/<pk>/"): (401, 200, 200, 404, 404, 200),
    ("PATCH", "campaigns/<pk>/"): MANAGED,
    ("POST", "campaigns/<pk>/start/"): (401, 403, 403, 404, 403, 409),
    ("POST", "campaigns/<pk>/pause/"): MANAGED,
    ("POST", "campaigns/<pk>/finish/"): MANAGED,
    ("GET", "campaigns/<pk>/agreement/"): MANAGED,
    ("GET", "campaigns/<pk>/annotators/"): MANAGED,
    ("GET", "campaigns/<pk>/consensus/"): MANAGED,
    ("GET", "campaigns/<pk>/summaries/"): MANAGED,
    ("GET", "campaigns/<pk>/rounds/"): MANAGED,
    ("GET", "campaigns/<pk>/rounds/<number>/"): MANAGED,
    ("GET", "campaigns/<pk>/rounds/<number>/card/"): MANAGED,
    ("GET", "campaigns/<pk>/with-learner/"): (401, 403, 403, 404, 403, 409),
    ("POST", "campaigns/<pk>/rounds/"): (401, 403, 403, 404, 403, 202),
    ("POST", "campaigns/<pk>/next/"): (401, 200, 200, 404, 404, 404),
    ("POST", "campaigns/<pk>/batch/"): (401, 200, 200, 404, 404, 404),
    ("GET", "campaigns/<pk>/members/"): MANAGED,
    ("POST", "campaigns/<pk>/members/"): (401, 403, 403, 404, 403, 422),
    ("GET", "campaigns/<pk>/exports/"): MANAGED,
    ("POST", "campaigns/<pk>/exports/"): (401, 403, 403, 404, 403, 422),
    ("GET", "campaigns/<pk>/gold/"): MANAGED,
    ("POST", "campaigns/<pk>/gold/"): (401, 403, 403, 404, 403, 422),
    ("DELETE", "campaigns/<pk>/gold/<task>/"): (401, 403, 403, 404, 403, 204),
    ("GET", "campaigns/<pk>/alarms/"): MANAGED,
    ("POST", "campaigns/<pk>/alarms/<alarm>/rulings/"): (401, 403, 403, 404, 403, 422),
    ("POST", "assignments/<assignment>/label/"): (401, 422, 422, 422, 422, 422),
    ("POST", "assignments/<assignment>/skip/"): (401, 422, 422, 422, 422, 422),
    ("POST", "assignments/<assignment>/renew/"): MINE,
    ("GET", "exports/<export>/"): MANAGED,
    ("GET", "exports/<export>/file/"): (401, 403, 403, 404, 403, 404),
    ("GET", "collections/"): LISTS,
    ("POST", "collections/"): (401, 403, 403, 422, 403, 422),
    ("GET", "collections/<pk>/"): LISTS,
    ("GET", "collections/<pk>/clips/"): LISTS,
    ("GET", "collections/<pk>/vectors/"): LISTS,
    ("POST", "collections/<pk>/vectors/"): (401, 403, 403, 415, 403, 415),
    ("DELETE", "collections/<pk>/vectors/<vectors>/"): (401, 403, 403, 204, 403, 404),
    ("GET", "clips/<pk>/"): LISTS,
    ("PATCH", "clips/<pk>/"): LISTS,
    ("GET", "campaigns/<pk>/proposals/"): MANAGED,
    ("POST", "campaigns/<pk>/proposals/<proposal>/"): (401, 403, 403, 404, 403, 422),
    ("GET", "plans/"): LISTS,
    ("POST", "plans/"): (401, 403, 403, 422, 403, 422),
    ("GET", "plans/<pk>/"): MANAGED,
    ("GET", "care/"): (401, 200, 200, 403, 403, 403),
    ("PATCH", "care/"): (401, 422, 422, 403, 403, 403),
    ("GET", "participants/"): CONSENTS,
    ("POST", "participants/"): (401, 403, 403, 422, 422, 422),
    ("GET", "participants/<pk>/"): CONSENTS,
    ("GET", "consent-forms/"): CONSENTS,
    ("POST", "consent-forms/"): (401, 403, 403, 422, 422, 422),
    ("GET", "consent-forms/<pk>/"): CONSENTS,
    ("GET", "consents/"): CONSENTS,
    ("POST", "consents/"): (401, 403, 403, 422, 422, 422),
    ("GET", "consents/<pk>/"): CONSENTS,
    ("POST", "consents/<pk>/approve/"): (401, 403, 403, 403, 200, 200),
    ("POST", "consents/<pk>/reject/"): (401, 403, 403, 403, 409, 409),
    ("POST", "consents/<pk>/withdraw/"): (401, 403, 403, 403, 200, 200),
}


class Route(NamedTuple):
    method: str
    path: str


def routes() -> Iterator[Route]:
    for path, view in _patterns(get_resolver().url_patterns, ""):
        if path.startswith(PREFIX):
            for method in _methods(view):
                yield Route(method, _plain(path.removeprefix(PREFIX)))


def _patterns(found: list[Any], before: str) -> Iterator[tuple[str, Any]]:
    for entry in found:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def _methods(view: Any) -> list[str]:
    """Return what a view answers to, HEAD and OPTIONS aside."""
    handlers = getattr(view, "actions", None) or {
        name for name in ("get", "post", "put", "patch", "delete") if hasattr(view.cls, name)
    }
    allowed = getattr(view.cls, "http_method_names", [])
    return sorted(name.upper() for name in handlers if name in allowed)


def _plain(path: str) -> str:
    """Return `campaigns/<int:campaign>/next/` as `campaigns/<pk>/next/`, say."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", path).replace("<campaign>", "<pk>")


FOUND = sorted(set(routes()))


def test_every_route_has_a_row() -> None:
    assert FOUND
    assert [route for route in FOUND if route not in TABLE] == []


@pytest.fixture
def keys(db: None) -> dict[str, int]:
    """A running campaign of a researcher who is none of those who ask."""
    campaign = make_campaign(clips=2)
    annotator = make_annotator()
    lease(campaign, annotator)
    known = Known(campaign.tasks.latest("pk").clip.external_id, "joy")
    (row,) = gold.mark(campaign, [known], campaign.owner)
    alarm = alarms.sound(campaign, annotator, AlarmKind.PACE, {"answers": 1})
    assert alarm
    judged = make_judged_round(campaign)
    pending: Consent = make_consent()
    export = request_export(campaign, "jsonl", None)
    return {
        "campaigns/<pk>": campaign.pk,
        "rounds/<number>": judged.number,
        "proposals/<proposal>": Proposal.objects.create(
            campaign=campaign, round=judged, evidence=EVIDENCE
        ).pk,
        "collections/<pk>": campaign.collection_id,
        "clips/<pk>": campaign.collection.clips.earliest("pk").pk,
        "participants/<pk>": pending.participant_id,
        "consents/<pk>": pending.pk,
        "consent-forms/<pk>": pending.form_id,
        "assignments/<assignment>": Assignment.objects.get().pk,
        "exports/<export>": export.pk,
        "gold/<task>": row.task_id,
        "alarms/<alarm>": alarm.pk,
        "plans/<pk>": Plan.objects.create(owner=campaign.owner, question={}).pk,
        "vectors/<vectors>": make_vector_set(campaign.collection).pk,
    }


@pytest.mark.parametrize("route", FOUND, ids=lambda route: f"{route.method} {route.path}")
def test_each_role_gets_what_the_table_says(route: Route, keys: dict[str, int]) -> None:
    path = route.path
    for pattern, key in keys.items():
        path = path.replace(pattern, f"{pattern.split('/')[0]}/{key}")
    answers = []
    for role in ROLES:
        caller = Caller(make_user(Role(role)) if role != "stranger" else None)
        consents = list(Consent.objects.values())
        answers.append(caller.send(route.method, path, "" if route.method == "GET" else "{}"))
        for row in consents:
            Consent.objects.filter(pk=row["id"]).update(**row)

    assert tuple(answer.status_code for answer in answers) == TABLE[route]
    refused = [answer for answer in answers if answer.status_code >= 400]
    assert {answer["Content-Type"] for answer in refused} <= {"application/problem+json"}
