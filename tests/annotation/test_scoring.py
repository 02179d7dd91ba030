"""Answers to comparisons become scores of clips, for the page, the API and the exports."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from scipy.stats import spearmanr

from accounts.models import User
from active_learning import triggering
from annotation import consensus, export, reports
from annotation.instruments.places import PLACES
from annotation.models import Campaign, Clip, Consensus, Fit, Score, Task
from annotation.views import figures
from consent import review
from tests.annotation.api.calling import Caller, problem
from tests.factories import make_annotator, make_comparison, make_label

pytestmark = pytest.mark.django_db
CLIPS = 6


def answered(kind: str, owner: User, noise: float = 0.5, **settings: Any) -> Campaign:
    """Let three people compare clips, of which each next one is more so than the last."""
    settings.setdefault("comparisons_per_clip", 3)
    campaign = make_comparison(kind, clips=CLIPS, owner=owner, **settings)
    strength = {clip.pk: n for n, clip in enumerate(campaign.collection.clips.order_by("pk"))}
    chance = np.random.default_rng(0)
    people = [make_annotator() for _ in range(3)]
    for task in campaign.tasks.order_by("pk"):
        for person in people:
            seen = [strength[clip.pk] + chance.normal(scale=noise) for clip in task.clips]
            best, worst = PLACES[int(np.argmax(seen))], PLACES[int(np.argmin(seen))]
            value = {"calm": {"best": best, "worst": worst}} if kind == "best-worst" else best
            make_label(Task.objects.get(pk=task.pk), person, value)
    consensus.refresh(campaign, settle=True)
    return campaign


@pytest.fixture(params=["pairwise", "best-worst"])
def compared(request: pytest.FixtureRequest, researcher: User) -> Campaign:
    return answered(request.param, researcher)


@pytest.fixture
def pairs(researcher: User) -> Campaign:
    return answered("pairwise", researcher)


def withdraw_the_best(campaign: Campaign) -> Clip:
    clip = reports.scores(campaign)[0].clip
    review.withdraw(clip.participants.get().consents.get(), None)
    return clip


def test_scores_rank_the_clips(compared: Campaign) -> None:
    rows = list(reports.scores(compared))

    order = [row.clip_id for row in rows]
    assert len(order) == CLIPS
    assert spearmanr(order, range(CLIPS)).statistic < -0.9
    assert all(row.low < row.value < row.high for row in rows if row.low and row.high)


def test_scores_say_on_how_much_they_rest(pairs: Campaign) -> None:
    row = reports.scores(pairs)[0]

    tasks = [task for task in pairs.tasks.all() if row.clip in task.clips]
    assert row.n_comparisons == len(tasks)
    assert row.n_labels == 3 * len(tasks)
    assert 0.5 < row.balance <= 1


def test_no_categories_are_made_up(compared: Campaign) -> None:
    assert not Consensus.objects.exists()
    assert Fit.objects.get().alpha is None


def test_agreement_is_how_well_the_scores_repeat(compared: Campaign) -> None:
    figures = reports.agreement(compared)["populations"]["crowd"]

    assert 0.8 < figures["split_half"]["value"] <= 1
    assert (figures["n_clips"], figures["n_comparisons"]) == (CLIPS, compared.n_tasks)


def test_the_same_labels_give_the_same_bytes(pairs: Campaign) -> None:
    consensus.refresh(pairs, settle=True)

    later, earlier = Fit.objects.values_list("sha256", flat=True)
    assert later == earlier
    assert Score.objects.count() == CLIPS


def test_new_answers_wait_for_the_next_full_fit(researcher: User) -> None:
    campaign = answered("pairwise", researcher, redundancy=4)
    make_label(campaign.tasks.all()[0], value="tie")

    assert consensus.needs_refresh(campaign)
    consensus.refresh(campaign)

    assert Fit.objects.count() == 1
    assert consensus.is_unsettled(campaign, quiet=-consensus.OVERLAP)


def test_ties_are_said_and_counted(researcher: User) -> None:
    campaign = make_comparison(clips=2, owner=researcher)
    make_label(campaign.tasks.get(), value="tie")

    consensus.refresh(campaign)

    assert [row.value for row in reports.scores(campaign)] == [0, 0]
    assert [row.balance for row in reports.scores(campaign)] == [0, 0]


def test_without_labels_there_are_no_scores(researcher: User) -> None:
    campaign = make_comparison(clips=2, owner=researcher)

    consensus.refresh(campaign)

    assert not reports.scores(campaign)
    assert reports.agreement(campaign)["populations"] == {}


def test_who_withdrew_is_scored_for_nobody(pairs: Campaign) -> None:
    gone = withdraw_the_best(pairs)

    assert gone not in [row.clip for row in reports.scores(pairs)]
    assert len(reports.scores(pairs)) == CLIPS - 1


def test_the_api_gives_the_scores_as_consensus(compared: Campaign, researcher: User) -> None:
    rows = Caller(researcher).get(f"campaigns/{compared.pk}/consensus/").json()["results"]

    assert [row["clip"] for row in rows] == [row.clip_id for row in reports.scores(compared)]
    assert set(rows[0]) == {
        *("clip", "external_id", "population", "value", "low", "high", "balance"),
        *("n_comparisons", "n_labels"),
    }


def test_the_api_gives_the_reliability_as_agreement(pairs: Campaign, researcher: User) -> None:
    found = Caller(researcher).get(f"campaigns/{pairs.pk}/agreement/").json()

    assert found["options"] == []
    assert set(found["populations"]["crowd"]["split_half"]) == {"value", "low", "high"}


def test_the_page_shows_the_ranking(compared: Campaign, client: Client) -> None:
    client.force_login(compared.owner)

    page = client.get(reverse("annotation:campaign", args=[compared.pk])).content.decode()

    best = reports.scores(compared)[0]
    assert "How the clips rank" in page
    assert f"1. {best.clip.external_id}" in page
    assert "What people answer" not in page


def test_the_pictures_of_the_ranking_are_seen_by_its_researcher(
    pairs: Campaign, client: Client
) -> None:
    found = figures.all_of(pairs, pairs.owner)

    assert [one.rank for one in found["most"]] == [1, 2, 3]
    assert [one.rank for one in found["least"]] == [4, 5, 6]
    assert all(one.picture for one in [*found["most"], *found["least"]])


def table(campaign: Campaign, folder: Path) -> list[dict[str, str]]:
    export.write(campaign, "long-csv", folder / "out.csv")
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(campaign: Campaign, folder: Path) -> list[dict[str, Any]]:
    export.write(campaign, "jsonl", folder / "out.jsonl")
    return [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]


def test_a_row_names_its_clips_in_order(compared: Campaign, tmp_path: Path) -> None:
    row = table(compared, tmp_path)[0]

    clips = [clip.external_id for clip in compared.tasks.order_by("pk")[0].clips]
    assert row["task"] == "|".join(clips)
    assert [row[f"clip_{n}"] for n in range(1, len(clips) + 1)] == clips
    assert row["label"]


def test_scores_are_rows_of_the_full_record(compared: Campaign, tmp_path: Path) -> None:
    rows = lines(compared, tmp_path)

    scores = [row for row in rows if "score" in row]
    assert len(rows) == compared.n_tasks + CLIPS
    assert scores[0]["clip"] == reports.scores(compared)[0].clip.external_id
    assert scores[0]["score"]["scorer"] == "bradley_terry"


def test_an_export_knows_every_clip_that_is_in_it(compared: Campaign, tmp_path: Path) -> None:
    _rows, clips, _sha = export.write(compared, "long-csv", tmp_path / "out.csv")

    assert set(clips) == set(compared.collection.clips.values_list("pk", flat=True))


def test_an_export_with_a_second_clip_that_is_gone_is_stale(
    pairs: Campaign, researcher: User
) -> None:
    row = export.make(export.request_export(pairs, "jsonl", researcher))
    last = pairs.tasks.order_by("pk")[0].clips[1]
    review.withdraw(last.participants.get().consents.get(), None)

    assert not export.is_still_allowed(row)


def test_who_withdrew_is_in_no_row(pairs: Campaign, tmp_path: Path) -> None:
    gone = withdraw_the_best(pairs).external_id

    export.write(pairs, "jsonl", tmp_path / "out")

    assert gone not in (tmp_path / "out").read_text()


def test_no_learner_chooses_comparisons(pairs: Campaign, researcher: User) -> None:
    pairs.round_every = 1

    assert triggering.due(pairs) is None
    response = Caller(researcher).post(f"campaigns/{pairs.pk}/rounds/")
    assert "compares clips" in problem(response, 409)["detail"]
    with pytest.raises(CommandError, match="a design chooses the comparisons"):
        call_command("run_round", str(pairs.pk))


def test_the_page_says_why_no_round_is_run(pairs: Campaign, client: Client) -> None:
    client.force_login(pairs.owner)

    page = client.get(reverse("active_learning:rounds", args=[pairs.pk])).content.decode()

    assert "a design chooses the comparisons" in page
    assert "Run a round now" not in page
