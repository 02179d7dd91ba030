"""What leaves the site, in a form that others can read, and only with consent."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from annotation import consensus, export, jobs
from annotation.export.long_csv import defused
from annotation.models import Campaign, Export, Label
from audit.models import Event
from consent import review
from consent.models import Consent
from jobs.models import Job
from tests.annotation.api.calling import Caller, problem
from tests.annotation.test_probing import make_tested, work
from tests.factories import (
    EMOTIONS,
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_clip,
    make_collection,
    make_consenting_participant,
    make_label,
    make_user,
    send,
)

VOTES = ["joy joy anger", "calm calm calm", "sadness anger joy", "anger anger anger"]


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    """Four clips of two people, labelled by three annotators each."""
    campaign = make_campaign(make_collection(clips=4, people=2), owner=researcher)
    people = [make_annotator() for _ in range(3)]
    for task, votes in zip(campaign.tasks.order_by("pk"), VOTES, strict=True):
        for annotator, vote in zip(people, votes.split(), strict=True):
            make_label(task, annotator, vote)
    consensus.refresh(campaign)
    return campaign


def table(campaign: Campaign, folder: Path) -> list[dict[str, str]]:
    path = folder / "out.csv"
    export.write(campaign, "long-csv", path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(campaign: Campaign, folder: Path) -> list[dict[str, Any]]:
    path = folder / "out.jsonl"
    export.write(campaign, "jsonl", path)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def withdraw_one(campaign: Campaign) -> None:
    person = campaign.tasks.order_by("pk")[0].clip.participants.get()
    review.withdraw(person.consents.get(), None)


def test_every_label_is_a_row_of_task_worker_and_label(campaign: Campaign, tmp_path: Path) -> None:
    rows = table(campaign, tmp_path)

    assert list(rows[0])[:3] == ["task", "worker", "label"]
    said = sorted((row["task"], row["label"]) for row in rows)
    names = [task.clip.external_id for task in campaign.tasks.order_by("pk")]
    assert said == sorted(
        (name, vote) for name, votes in zip(names, VOTES, strict=True) for vote in votes.split()
    )


def test_rows_carry_their_weight_and_the_consensus(campaign: Campaign, tmp_path: Path) -> None:
    for row in table(campaign, tmp_path):
        assert 0 <= float(row["weight"]) <= 1
        assert sum(float(row[f"p_{option}"]) for option in EMOTIONS) == pytest.approx(1)
        assert row["consensus_state"]


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_crowd_kit_reads_the_rows(campaign: Campaign, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    aggregation = pytest.importorskip(
        "crowdkit.aggregation", reason="needs crowd-kit (requirements/peers.txt)"
    )
    export.write(campaign, "long-csv", tmp_path / "out.csv")

    result = aggregation.MajorityVote().fit_predict(pandas.read_csv(tmp_path / "out.csv"))

    second, fourth = (campaign.tasks.order_by("pk")[n].clip.external_id for n in (1, 3))
    assert (result[second], result[fourth]) == ("calm", "anger")


def test_annotators_have_a_name_of_their_own_that_tells_nothing(
    campaign: Campaign, tmp_path: Path
) -> None:
    workers = {row["worker"] for row in table(campaign, tmp_path)}

    assert len(workers) == 3
    emails = set(Label.objects.values_list("annotator__email", flat=True))
    assert not any(email in str(lines(campaign, tmp_path)) for email in emails)


def test_the_same_annotator_has_another_name_in_another_campaign() -> None:
    assert export.clips.pseudonym(1, 7) == export.clips.pseudonym(1, 7)
    assert export.clips.pseudonym(1, 7) != export.clips.pseudonym(2, 7)


@pytest.mark.parametrize("wish", list(export.FORMATS))
def test_the_same_labels_are_the_same_bytes(campaign: Campaign, tmp_path: Path, wish: str) -> None:
    written = [export.write(campaign, wish, tmp_path / name) for name in ("one", "two")]

    assert written[0] == written[1]
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert written[0][2] == hashlib.sha256((tmp_path / "one").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=cmd()", "'=cmd()"),
        ("+1 234", "'+1 234"),
        ("-joy", "'-joy"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("-0.5", "-0.5"),
        ("+3", "+3"),
        (-0.5, -0.5),
        (None, None),
        ("joy", "joy"),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_is_taken_for_a_formula(cell: Any, safe: Any) -> None:
    assert defused(cell) == safe


def test_a_clip_named_like_a_formula_is_text(tmp_path: Path, db: None) -> None:
    collection = make_collection()
    make_clip(collection, make_consenting_participant(), external_id='=HYPERLINK("x")')
    campaign = make_campaign(collection, options=["=1+1", 'quo"te,\n'])
    make_label(campaign.tasks.get(), value="=1+1")

    (row,) = table(campaign, tmp_path)

    assert (row["task"], row["label"]) == ('\'=HYPERLINK("x")', "'=1+1")


def test_a_late_label_is_in_the_full_record_only(campaign: Campaign, tmp_path: Path) -> None:
    late = make_campaign(clips=1)
    annotator = make_annotator()
    (assignment,) = lease(late, annotator)
    with time_machine.travel(timezone.now() + timedelta(seconds=901)):
        send(late, annotator, answer_to(assignment))

    (line,) = lines(late, tmp_path)

    assert [(label["late"], label["stands"]) for label in line["labels"]] == [(True, False)]
    assert table(late, tmp_path) == []


def test_the_full_record_says_what_a_label_is_worth_and_why_it_was_asked(
    campaign: Campaign, tmp_path: Path
) -> None:
    (label, *_others) = lines(campaign, tmp_path)[0]["labels"]

    assert label["perspective"] == "perceived"
    assert (label["stage"], label["population"]) == ("blind", "crowd")
    assert 0 < label["probability"] <= 1
    assert label["scheme"].endswith(" 1")


def test_experts_have_a_consensus_of_their_own(campaign: Campaign, tmp_path: Path) -> None:
    Campaign.objects.update(redundancy=4)
    campaign.tasks.update(target=4)
    make_label(campaign.tasks.order_by("pk")[0], make_user("expert"))  # type: ignore[arg-type]
    consensus.refresh(campaign)

    assert set(lines(campaign, tmp_path)[0]["consensus"]) == {"crowd", "expert"}


def test_who_withdrew_is_in_no_export(campaign: Campaign, tmp_path: Path) -> None:
    withdraw_one(campaign)

    assert len(lines(campaign, tmp_path)) == 2
    assert len(table(campaign, tmp_path)) == 6


def test_an_export_during_which_somebody_withdraws_is_not_kept(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = export.FORMATS["jsonl"]
    write = writer.write

    def withdraw_meanwhile(*given: Any) -> int:
        count: int = write(*given)
        withdraw_one(campaign)
        return count

    monkeypatch.setattr(writer, "write", withdraw_meanwhile)

    with pytest.raises(export.ConsentChangedError):
        export.write(campaign, "jsonl", tmp_path / "out")

    assert list(tmp_path.glob("*out*")) == []


def make_by_job(row: Export) -> Export:
    jobs.make_export(Job(kind="export"), export=row.pk)
    row.refresh_from_db()
    return row


def test_an_export_is_made_by_a_job(campaign: Campaign, researcher: User) -> None:
    response = Caller(researcher).post(f"campaigns/{campaign.pk}/exports/", {"format": "jsonl"})
    job = Job.objects.get(kind="export")

    assert response.status_code == 202
    assert response.json()["state"] == "waiting"
    assert job.args == {"export": response.json()["id"]}


def test_a_finished_export_has_an_address_and_a_checksum(
    campaign: Campaign, researcher: User
) -> None:
    row = make_by_job(export.request_export(campaign, "long-csv", researcher))
    caller = Caller(researcher)

    document = caller.get(f"exports/{row.pk}/").json()
    response = caller.get(document["url"])
    content = b"".join(response.streaming_content)

    assert (document["state"], document["rows"]) == ("ready", 12)
    assert document["sha256"] == hashlib.sha256(content).hexdigest()
    assert "attachment" in response["Content-Disposition"]
    assert Event.objects.filter(verb="export.made").exists()


def test_an_export_that_holds_who_withdrew_is_gone(campaign: Campaign, researcher: User) -> None:
    row = make_by_job(export.request_export(campaign, "jsonl", researcher))
    withdraw_one(campaign)

    response = Caller(researcher).get(f"exports/{row.pk}/file/")

    assert problem(response, 410)["code"] == "stale"


def test_an_export_that_waits_has_no_file(campaign: Campaign, researcher: User) -> None:
    row = export.request_export(campaign, "jsonl", researcher)
    caller = Caller(researcher)

    assert caller.get(f"exports/{row.pk}/").json()["url"] is None
    problem(caller.get(f"exports/{row.pk}/file/"), 404)


@pytest.mark.parametrize(
    "body", [{}, {"format": "xlsx"}, {"format": None}, {"file": "/etc/passwd"}]
)
def test_a_format_that_is_not_there_is_named(
    campaign: Campaign, researcher: User, body: dict[str, Any]
) -> None:
    problem(Caller(researcher).post(f"campaigns/{campaign.pk}/exports/", body), 422)

    assert not Export.objects.exists()


def test_an_export_that_cannot_keep_up_with_withdrawals_is_given_up(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(*_: object) -> None:
        raise export.ConsentChangedError

    monkeypatch.setattr(export, "write", changed)
    row = make_by_job(export.request_export(campaign, "jsonl", None))

    assert row.state == Export.State.FAILED
    assert row.error


def test_the_command_writes_a_file_and_its_checksum(
    campaign: Campaign, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "labels.csv"

    call_command("export", campaign.name, format="long-csv", out=out)

    said = capsys.readouterr().out
    assert "12 rows of 4 clips" in said
    assert hashlib.sha256(out.read_bytes()).hexdigest() in said


def test_the_command_refuses_a_folder_that_is_not_there(campaign: Campaign, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="does not exist"):
        call_command("export", str(campaign.pk), format="jsonl", out=tmp_path / "no" / "x")


@pytest.mark.parametrize("name", ["nothing", "0", "9" * 40])
def test_the_command_names_the_campaigns_it_knows(
    campaign: Campaign, tmp_path: Path, name: str
) -> None:
    with pytest.raises(CommandError, match=f"The newest: {campaign.pk} "):
        call_command("export", name, format="jsonl", out=tmp_path / "x")


def test_nothing_half_written_is_left(campaign: Campaign, tmp_path: Path) -> None:
    make_by_job(export.request_export(campaign, "jsonl", None))

    assert len(list(Path(settings.EXPORT_ROOT).iterdir())) == 1
    assert Consent.objects.in_force().exists()


def lines_of(campaign: Campaign, folder: Path) -> list[dict[str, Any]]:
    path = folder / "out.jsonl"
    export.write(campaign, "jsonl", path)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_was_answered_to_a_probe_is_told_apart_and_counts_as_no_label(
    annotator: User, tmp_path: Path
) -> None:
    campaign = make_tested(clips=4, n_gold=1, entry_checks=1)
    work(campaign, annotator, 2)
    probe, label = campaign.labels.order_by("pk")

    labels = [label for line in lines_of(campaign, tmp_path) for label in line["labels"]]

    told = {one["id"]: (one["probe"], one["stands"]) for one in labels}
    assert told == {probe.pk: ("gold", False), label.pk: ("", True)}
    assert [row["id"] for row in table(campaign, tmp_path)] == [str(label.pk)]


def test_labels_that_somebody_decided_to_leave_out_are_told_apart_and_do_not_count(
    campaign: Campaign, tmp_path: Path
) -> None:
    gone = campaign.labels.order_by("pk")[0].annotator
    campaign.members.filter(user=gone).update(heard=False)

    labels = [label for line in lines_of(campaign, tmp_path) for label in line["labels"]]

    assert [one["stands"] for one in labels if one["left_out"]] == [False] * 4
    assert len(table(campaign, tmp_path)) == 8
