"""The whole loop on real photographs and real answers, held against published figures.

    make replay-real

imports 584 photographs of 20 people with their consents, launches a campaign with 4 categories and
9 labels a clip on a site of its own (`manage.py up`), plays the 5,242 recorded answers of 27
workers through the HTTP API, waits for the consensus and a learning round, and checks the outcome.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks._report import give_up, print_json, print_table
from benchmarks._site import ROOT, manage, running_site

DATA = ROOT.parent / "shared" / "data" / "face_sentiment"
NEEDED = ("tasks.csv", "answers.csv", "images")
ANSWERS, TASKS, REDUNDANCY = 5242, 584, 9
ALPHA, ALPHA_TOLERANCE = 0.495, 0.005
MAJORITY, MAJORITY_TOLERANCE = 0.635, 0.003
NAMES = ["neutral", "happy", "sad", "angry"]
PATIENCE = 600


def main() -> int:
    missing = [name for name in NEEDED if not (DATA / name).exists()]
    if missing:
        give_up(
            f"The recorded answers are not here: {', '.join(missing)} missing in "
            f"{DATA.relative_to(ROOT.parent)} beside the project. Nothing was run."
        )
    with tempfile.TemporaryDirectory(prefix="attune-replay-") as name:
        return _run(Path(name))


def _run(folder: Path) -> int:
    folder = folder / "var"
    with running_site(folder) as url:
        token = _prepare(folder)
        _say("Playing the recorded answers through the API ...")
        answers = str(DATA / "answers.csv")
        replayed = manage("replay", "Face sentiment", answers, "--url", url, folder=folder)
        print(replayed, flush=True)
        _say("Waiting for the consensus and a learning round ...")
        figures = _settled(lambda path: _get(url + path, token), folder)
    _say("Exporting and verifying ...")
    figures |= _exported(folder)
    figures |= {"audit": manage("audit", "verify", folder=folder).strip().splitlines()[-1]}
    checks = list(_checks(figures, replayed))
    print_table(
        [
            {"check": name, "found": found, "holds": "yes" if ok else "NO"}
            for name, found, ok in checks
        ]
    )
    print_json(figures | {"holds": all(ok for _, _, ok in checks)})
    return 0 if all(ok for _, _, ok in checks) else 1


def _prepare(folder: Path) -> str:
    """Import clips and consents, launch the campaign, and return the researcher's token."""
    token = manage("create_token", "lab@example.org", "--role", "researcher", folder=folder).strip()
    manifest = folder / "manifest.csv"
    with (DATA / "tasks.csv").open(newline="") as source, manifest.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["file", "external_id", "participant", "consent", "pose", "eyes"])
        for row in csv.DictReader(source):
            writer.writerow(
                [row["image"], row["task"], row["person"], "approved", row["pose"], row["eyes"]]
            )
    _say("Importing the photographs ...")
    images = str(DATA / "images")
    said = manage(
        "import_clips",
        str(manifest),
        "--collection",
        "Faces",
        "--media-root",
        images,
        folder=folder,
    )
    _say(said.splitlines()[-1])
    campaign = folder / "campaign.json"
    campaign.write_text(json.dumps(_campaign()))
    _say(manage("create_campaign", str(campaign), "--start", folder=folder).strip())
    return token


def _campaign() -> dict[str, Any]:
    return {
        "name": "Face sentiment",
        "collection": "Faces",
        "purpose": "research.noncommercial.affective_science",
        "redundancy": REDUNDANCY,
        "round_every": 1500,
        "scheme": {
            "question": "Which emotion does the person show?",
            "options": [{"value": str(n), "text": name} for n, name in enumerate(NAMES)],
        },
    }


def _settled(get: Callable[[str], Any], folder: Path) -> dict[str, Any]:
    """Wait until every label is in a full fit and a round is done; return the API's figures."""
    campaign = get("/api/v1/campaigns/")["results"][0]["id"]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        crowd = get(f"/api/v1/campaigns/{campaign}/agreement/")["populations"].get("crowd", {})
        rounds = [
            r for r in _rows(get(f"/api/v1/campaigns/{campaign}/rounds/")) if r["state"] == "done"
        ]
        if crowd.get("n_labels") == ANSWERS and rounds:
            return {**crowd, "rounds": len(rounds), "round_metrics": rounds[0]["metrics"]}
        time.sleep(2)
    log = (folder / "up.log").read_text()[-2000:]
    raise SystemExit(f"No full fit of all labels and no round after {PATIENCE} s.\n{log}")


def _rows(reply: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = reply["results"] if isinstance(reply, dict) else reply
    return rows


def _exported(folder: Path) -> dict[str, Any]:
    """Export and read the file as crowd-kit would."""
    import pandas as pd  # noqa: PLC0415
    from crowdkit.aggregation import MajorityVote  # noqa: PLC0415

    path = folder / "labels.csv"
    manage("export", "Face sentiment", "--format", "long-csv", "--out", str(path), folder=folder)
    table = pd.read_csv(path, dtype={"task": str, "label": str})
    MajorityVote().fit_predict(table)
    with (DATA / "tasks.csv").open(newline="") as file:
        truth = {row["task"]: row["truth"] for row in csv.DictReader(file)}
    chosen = table.drop_duplicates("task").set_index("task")[[f"p_{n}" for n in range(len(NAMES))]]
    return {
        "exported_labels": len(table),
        "exported_tasks": int(table["task"].nunique()),
        "most_labels_on_a_task": int(table.groupby("task").size().max()),
        "majority_accuracy": _majority(table, truth),
        "aggregator_accuracy": float(
            (chosen.idxmax(axis=1).str.removeprefix("p_") == pd.Series(truth)[chosen.index]).mean()
        ),
    }


def _majority(table: Any, truth: dict[str, str]) -> float:
    """Return the accuracy of the plurality; a tie counts as the share of it that is right."""
    right = 0.0
    for task, labels in table.groupby("task")["label"]:
        counts = Counter(labels)
        top = [label for label, n in counts.items() if n == max(counts.values())]
        right += (truth[task] in top) / len(top)
    return right / float(table["task"].nunique())


def _checks(figures: dict[str, Any], replayed: str) -> Iterator[tuple[str, Any, bool]]:
    scores = figures["held_out_log_likelihood"]
    chosen, share = scores[figures["aggregator"]], scores["smoothed_share"]
    sound = "Nothing was lost or doubled." in replayed
    yield "every accepted label is there exactly once", sound, sound
    yield "labels in the export", figures["exported_labels"], figures["exported_labels"] == ANSWERS
    most = figures["most_labels_on_a_task"]
    yield "no task over its redundancy", most, most <= REDUNDANCY
    alpha = round(figures["alpha"], 4)
    yield "alpha within .005 of .495", alpha, abs(alpha - ALPHA) <= ALPHA_TOLERANCE
    majority = round(figures["majority_accuracy"], 4)
    yield (
        "majority within 0.3 points of 63.5 %",
        majority,
        abs(majority - MAJORITY) <= MAJORITY_TOLERANCE,
    )
    yield (
        f"{figures['aggregator']} at least as likely as the share",
        round(chosen - share, 4),
        chosen >= share,
    )
    yield "learning rounds done", figures["rounds"], figures["rounds"] >= 1
    yield "audit verify", figures["audit"], True


def _get(url: str, token: str) -> Any:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - our own site
        return json.load(response)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
