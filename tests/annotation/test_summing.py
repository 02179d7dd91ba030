"""Every question's answers add up to something, whether or not the scheme asks for categories."""

from __future__ import annotations

import json

import pytest

from annotation import consensus, export
from annotation.models import Campaign, Consensus, Fit, Summary
from consent import review
from tests import factories
from tests.factories import make_annotator, make_campaign, make_label

SURE = {"name": "sure", "instrument": "confidence", "prompt": "How sure?", "required": True}


@pytest.fixture
def without_categories(db: None) -> Campaign:
    return make_campaign(clips=2, questions=[SURE])


def label_all(campaign: Campaign, *points: int) -> None:
    for task in campaign.tasks.all():
        for point in points:
            make_label(task, make_annotator(), {"sure": point})


def test_a_scheme_need_not_ask_for_categories(without_categories: Campaign) -> None:
    label_all(without_categories, 2, 4)

    consensus.refresh(without_categories)

    (first, _second) = Summary.objects.order_by("task")
    assert first.value == {"n": 2, "mean": 3.0, "spread": 1.0}
    assert not Consensus.objects.exists()
    assert Fit.objects.get().n_labels == 4


def test_the_same_labels_give_the_same_fingerprint(without_categories: Campaign) -> None:
    label_all(without_categories, 1, 5)

    consensus.refresh(without_categories)
    consensus.refresh(without_categories)

    later, earlier = Fit.objects.values_list("sha256", flat=True)
    assert later == earlier
    assert Summary.objects.count() == 2


def test_beside_categories_the_other_answers_are_summed_up(db: None) -> None:
    campaign = make_campaign(clips=1, confidence=True)
    make_label(campaign.tasks.get(), value={"emotion": "joy", "confidence": 5})
    make_label(campaign.tasks.get(), value={"emotion": "joy", "confidence": None})

    consensus.refresh(campaign, settle=True)

    found = {row.question: row.value for row in Summary.objects.all()}
    assert found["confidence"]["n"] == 1
    assert found["emotion"]["distribution"]["joy"] == 1.0


def test_summaries_leave_with_the_export(without_categories: Campaign, tmp_path: object) -> None:
    label_all(without_categories, 3)
    consensus.refresh(without_categories)
    path = tmp_path / "labels.jsonl"  # type: ignore[operator]

    export.write(without_categories, "jsonl", path)

    line = json.loads(path.read_text().splitlines()[0])
    assert line["summaries"]["crowd"]["sure"]["mean"] == 3.0
    assert line["labels"][0]["label"] == 3


def test_what_lost_its_consent_is_in_no_summary(without_categories: Campaign) -> None:
    label_all(without_categories, 3)
    for clip in without_categories.collection.clips.all():
        for person in clip.participants.all():
            for consent in person.consents.in_force():
                review.withdraw(consent, factories.make_reviewer())

    consensus.refresh(without_categories)

    assert not Summary.objects.exists()
