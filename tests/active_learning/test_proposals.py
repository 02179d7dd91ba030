"""Fewer labels are proposed where the learner is surely right; people decide, and check it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from active_learning import own_vectors, proposals, rounds
from active_learning.models import Proposal, ProposalState, Trigger
from annotation import consensus
from annotation.launching import NotPossibleError
from annotation.models import Campaign, CampaignState, Reason
from audit.models import Event
from tests.active_learning.judged import EVIDENCE, make_judged_round
from tests.active_learning.making import DARK, LIGHT, is_light, make_job, make_labels
from tests.annotation.api.calling import Caller
from tests.factories import (
    make_annotator,
    make_campaign,
    make_collection,
    make_label,
    make_researcher,
)

pytestmark = pytest.mark.django_db

LABELLED, CLIPS = 130, 190


@pytest.fixture
def campaign(db: None) -> Campaign:
    """A campaign in which 130 of 190 clips that are easy to tell apart have their labels."""
    found = make_easy()
    make_labels(found, list(found.tasks.order_by("pk")[:LABELLED]))
    return found


@pytest.fixture
def proposal(campaign: Campaign) -> Proposal:
    return _run(campaign)


def make_easy(**settings: Any) -> Campaign:
    """Make a campaign over clips whose vectors tell light from dark."""
    collection = make_collection(CLIPS, people=30)
    clips = list(collection.clips.order_by("pk").values_list("external_id", flat=True))
    sign = np.array([1 if is_light(number) else -1 for number in range(CLIPS)])
    noise = np.random.default_rng(0).normal(size=(CLIPS, 4))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "own.npz"
        np.savez(file, ids=np.array(clips), vectors=(noise + 4 * sign[:, None]).astype(np.float32))
        own_vectors.bring(collection, "own", file, None)
    given: dict[str, Any] = {"warm_up": 10, "round_every": 60, "test_share": 0.0, "vectors": "own"}
    return make_campaign(collection, options=[LIGHT, DARK], **given | settings)


def _run(campaign: Campaign) -> Proposal:
    row = rounds.run(campaign, Trigger.HAND, make_job(campaign))
    return Proposal.objects.get(round=row)


def make_proposal(campaign: Campaign | None = None, *, n: int = 10, kept: int = 4) -> Proposal:
    """Make a proposal of joy for the first clips of a campaign, without a round that ran."""
    campaign = campaign or make_campaign(clips=n, redundancy=3)
    campaign.tasks.update(reason=Reason.REST)
    row = Proposal.objects.create(
        campaign=campaign, round=make_judged_round(campaign), evidence=EVIDENCE
    )
    for number, task in enumerate(campaign.tasks.order_by("pk")[:n]):
        row.tasks.create(task=task, foretold="joy", confidence=0.97, kept=number < kept)
    return row


def targets(proposal: Proposal) -> list[int]:
    return list(proposal.tasks.order_by("task").values_list("task__target", flat=True))


def test_a_round_proposes_what_its_learner_is_surely_right_about(proposal: Proposal) -> None:
    evidence, tasks = proposal.evidence, proposal.tasks.select_related("task")

    assert evidence["low"] >= 0.95
    assert min(one.confidence for one in tasks) >= evidence["confidence"]
    assert {one.foretold for one in tasks} <= {LIGHT, DARK}
    assert not {one.task.reason for one in tasks} & {Reason.AUDIT, Reason.RANDOM}


def test_a_proposal_changes_nothing_by_itself(proposal: Proposal) -> None:
    assert set(targets(proposal)) == {3}
    assert not proposal.campaign.tasks.lowered().exists()


def test_a_fifth_is_drawn_by_chance_to_be_labelled_in_full(proposal: Proposal) -> None:
    n, kept = proposal.tasks.count(), proposal.tasks.filter(kept=True).count()

    assert kept == round(n / 5)


def test_a_newer_round_replaces_what_still_waits(campaign: Campaign, proposal: Proposal) -> None:
    newer = _run(campaign)
    proposal.refresh_from_db()

    assert (proposal.state, newer.state) == (ProposalState.REPLACED, ProposalState.WAITING)


def test_nothing_is_proposed_where_too_little_is_known() -> None:
    campaign = make_easy()
    tasks = list(campaign.tasks.order_by("pk"))
    make_labels(campaign, tasks[:40])
    make_labels(campaign, tasks[40:LABELLED], reason=Reason.INFORMATIVE)
    row = rounds.run(campaign, Trigger.HAND, make_job(campaign))

    assert row.metrics["sure"]["confidence"] is None
    assert not Proposal.objects.exists()


def test_nothing_is_proposed_where_one_label_is_asked_for_already() -> None:
    campaign = make_easy(redundancy=1)
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:LABELLED]), each=1)
    rounds.run(campaign, Trigger.HAND, make_job(campaign))

    assert not Proposal.objects.exists()


def test_accepting_asks_one_person_about_all_but_the_kept() -> None:
    row = make_proposal()

    assert proposals.accept(row, row.campaign.owner) == 6
    assert targets(row) == [3] * 4 + [1] * 6
    event = Event.objects.get(verb="proposal.accepted")
    assert (event.actor, event.data["lowered"]) == (str(row.campaign.owner.pk), 6)


def test_what_was_begun_since_keeps_its_labels() -> None:
    row = make_proposal(kept=0)
    make_label(row.campaign.tasks.earliest("pk"), make_annotator(), "joy")

    assert proposals.accept(row, row.campaign.owner) == 9
    assert targets(row)[0] == 3
    assert proposals.standing(row).lowered == 9


def test_declining_leaves_all_as_it_is() -> None:
    row = make_proposal()

    proposals.decline(row, row.campaign.owner)

    row.refresh_from_db()
    assert (row.state, set(targets(row))) == (ProposalState.DECLINED, {3})


def test_taking_back_asks_for_all_labels_again() -> None:
    row = make_proposal()
    proposals.accept(row, row.campaign.owner)

    assert proposals.take_back(row, row.campaign.owner) == 6
    assert set(targets(row)) == {3}


def test_taking_one_back_leaves_what_another_lowered() -> None:
    campaign = make_campaign(clips=10, redundancy=3)
    first = make_proposal(campaign, n=5, kept=0)
    proposals.accept(first, campaign.owner)
    second = Proposal.objects.create(
        campaign=campaign, round=make_judged_round(campaign, 2), evidence=EVIDENCE
    )
    for task in campaign.tasks.order_by("pk")[5:]:
        second.tasks.create(task=task, foretold="joy", confidence=0.97, kept=False)
    proposals.accept(second, campaign.owner)

    proposals.take_back(first, campaign.owner)

    assert (set(targets(first)), set(targets(second))) == ({3}, {1})


@pytest.mark.parametrize("decision", proposals.DECISIONS)
def test_nothing_is_decided_twice_or_after_the_end(decision: str) -> None:
    row = make_proposal()
    proposals.decline(row, row.campaign.owner)
    with pytest.raises(NotPossibleError, match="by now"):
        proposals.DECISIONS[decision](row, row.campaign.owner)

    state = ProposalState.ACCEPTED if decision == "take-back" else ProposalState.WAITING
    Proposal.objects.update(state=state)
    Campaign.objects.update(state=CampaignState.FINISHED)
    with pytest.raises(NotPossibleError, match="over"):
        proposals.DECISIONS[decision](row, row.campaign.owner)


def test_one_proposal_waits_at_a_time() -> None:
    row = make_proposal()

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            campaign=row.campaign, round=make_judged_round(row.campaign, 2), evidence=EVIDENCE
        )


def test_it_is_told_who_contradicted_and_how_often_the_learner_was_right() -> None:
    row = make_proposal()
    proposals.accept(row, row.campaign.owner)
    tasks = list(row.campaign.tasks.order_by("pk"))
    people = [make_annotator() for _ in range(3)]
    for number, task in enumerate(tasks[:3]):
        for person in people:
            make_label(task, person, "anger" if number == 0 else "joy")
    make_label(tasks[4], people[0], "anger")
    make_label(tasks[5], people[0], "joy")
    consensus.refresh(row.campaign, settle=True)

    stands = proposals.standing(row)

    assert (stands.answered, stands.contradicted) == (2, 1)
    assert (stands.checked, stands.right) == (3, 2)
    assert stands.saves == 12
    assert not stands.doubtful


def test_a_learner_that_is_surely_right_too_rarely_is_doubted() -> None:
    row = make_proposal(make_campaign(clips=10, redundancy=2), kept=8)
    people = [make_annotator() for _ in range(2)]
    for task in row.campaign.tasks.order_by("pk")[:8]:
        for person in people:
            make_label(task, person, "anger")
    consensus.refresh(row.campaign, settle=True)

    assert proposals.standing(row).doubtful


def test_the_page_asks_for_a_decision_and_takes_it() -> None:
    row = make_proposal()
    web = Client()
    web.force_login(row.campaign.owner)
    address = reverse("active_learning:proposal", args=[row.campaign_id, row.pk])

    before = web.get(reverse("active_learning:rounds", args=[row.campaign_id]))
    web.post(address, {"decision": "accept"})
    after = web.get(reverse("active_learning:rounds", args=[row.campaign_id]))
    again = web.post(address, {"decision": "accept"}, follow=True)

    assert "That saves up to 12 labels" in before.content.decode()
    assert "6 clips are asked of one person" in after.content.decode()
    assert "by now" in again.content.decode()


def test_nonsense_is_no_decision() -> None:
    row = make_proposal()
    web = Client()
    web.force_login(row.campaign.owner)
    address = reverse("active_learning:proposal", args=[row.campaign_id, row.pk])

    answer: Any = web.post(address, {"decision": "maybe"}, follow=True)

    assert "Accept it, decline it, or take it back." in answer.content.decode()
    assert set(targets(row)) == {3}


def test_a_stranger_decides_nothing() -> None:
    row = make_proposal()
    web = Client()
    web.force_login(make_researcher())
    address = reverse("active_learning:proposal", args=[row.campaign_id, row.pk])

    assert web.post(address, {"decision": "accept"}).status_code == 404


def test_proposals_are_read_and_decided_over_http() -> None:
    row = make_proposal()
    caller = Caller(row.campaign.owner)
    path = f"campaigns/{row.campaign_id}/proposals/"

    (told,) = caller.get(path).json()["results"]
    decided = caller.post(f"{path}{row.pk}/", {"decision": "accept"})
    again = caller.post(f"{path}{row.pk}/", {"decision": "accept"})

    assert (told["state"], told["evidence"], told["standing"]["saves"]) == ("waiting", EVIDENCE, 12)
    assert (decided.status_code, decided.json()["standing"]["lowered"]) == (200, 6)
    assert (again.status_code, again.json()["code"]) == (409, "not_possible")
