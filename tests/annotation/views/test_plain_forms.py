"""Every instrument without scripts: its plain form is on the page, and what it sends is stored."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.instruments import INSTRUMENTS
from annotation.models import Campaign, Label
from tests import factories
from tests.annotation.instruments.samples import SAMPLES, Sample

WITHOUT_FORM = "trace"
SLIDERS = {"dimensions": ["valence", "arousal"], "scale": "slider"}
ASKED = {kind: (kind, sample) for kind, sample in SAMPLES.items() if kind != WITHOUT_FORM} | {
    "sliders": (
        "dimensions",
        Sample(
            SLIDERS,
            {"valence": -0.25, "arousal": 1.0},
            {"q.valence": ["-0.25"], "q.arousal": ["1"]},
        ),
    ),
    "pairwise": ("pairwise", Sample({}, "second", {"q": ["second"]})),
    "best-worst": (
        "best-worst",
        Sample(
            {},
            {"best": "fourth", "worst": "first"},
            {"q.best": ["fourth"], "q.worst": ["first"]},
        ),
    ),
}


class Form(HTMLParser):
    """The controls that a browser without scripts would send, by name: values, or None for any."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.controls: dict[str, set[str | None]] = {}
        self.select = ""
        self.patterns = 0
        self.feed(html)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = dict(pairs)
        self.patterns += tag == "template"
        name = self.select if tag == "option" else given.get("name")
        if tag == "select":
            self.select = name or ""
        elif tag in ("input", "option", "textarea") and name and not self.patterns:
            chosen = tag == "option" or given.get("type") in ("radio", "checkbox")
            self.controls.setdefault(name, set()).add(given["value"] if chosen else None)

    def handle_endtag(self, tag: str) -> None:
        self.patterns -= tag == "template"

    def takes(self, name: str, value: str) -> bool:
        allowed = self.controls.get(name, set())
        return value in allowed or None in allowed


@pytest.fixture
def signed_in(client: Client, annotator: User) -> Client:
    client.force_login(annotator)
    return client


def asking(kind: str, keys: dict[str, Any]) -> Campaign:
    """Make a campaign that asks one question, `q`, about clips that last."""
    collection = factories.make_collection()
    for _ in range(4):
        person = factories.make_consenting_participant()
        factories.make_clip(collection, person, kind="video", mime="video/mp4", duration=60)
    asked = {"name": "q", "instrument": kind, "prompt": "What?", "required": True, **keys}
    return factories.make_campaign(collection, questions=[asked])


def page(campaign: Campaign) -> str:
    return reverse("annotation:label", args=[campaign.pk])


def test_there_is_a_form_for_every_instrument_but_the_trace() -> None:
    assert {kind for kind, _ in ASKED.values()} == INSTRUMENTS.keys() - {WITHOUT_FORM}


@pytest.mark.parametrize(("kind", "sample"), ASKED.values(), ids=ASKED)
def test_a_plain_form_is_on_the_page_and_its_answer_is_stored(
    kind: str, sample: Sample, signed_in: Client
) -> None:
    campaign = asking(kind, sample.keys)
    form = Form(signed_in.get(page(campaign)).content.decode())
    sent = {name: list(values) for name, values in sample.fields.items() if any(values)}
    said = [(name, value) for name, values in sent.items() for value in values]
    assert [one for one in said if not form.takes(*one)] == []

    held = {"assignment": campaign.assignments.get().pk, "client_id": uuid4(), "step": 0}
    signed_in.post(page(campaign), held | sent)

    assert Label.objects.get().value == {"q": sample.answer}


def test_a_trace_says_that_it_needs_scripts(signed_in: Client) -> None:
    campaign = asking(WITHOUT_FORM, SAMPLES[WITHOUT_FORM].keys)

    html = signed_in.get(page(campaign)).content.decode()

    assert "which needs scripts" in html
    assert "q" not in Form(html).controls
