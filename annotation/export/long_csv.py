"""One row a label, first `task,worker,label`: what crowd-kit and cleanlab read."""

from __future__ import annotations

import csv
import json
from typing import Any, TextIO

from annotation import scheme
from annotation.export.clips import records
from annotation.models import Campaign

NAME = "long-csv"
SUFFIX = ".csv"
LABEL = [
    "weight",
    "id",
    "created_at",
    "perspective",
    "stage",
    "step",
    "layers",
    "kept",
    "arm",
    "population",
    "scheme",
    "position",
    "latency_ms",
    "reason",
    "probability",
]
CONSENSUS = ["state", "n_labels", "effective_n", "entropy", "divergence", "aggregator"]
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def write(campaign: Campaign, file: TextIO, clips: list[int]) -> int:
    """Write the labels that count with the consensus of their task; return how many.

    The clips they are about are added to `clips`.
    """
    options = scheme.categories(campaign.scheme.questions)
    questions = campaign.scheme.questions
    answers, clips_shown = _answers(questions, {}), scheme.clips_shown(questions)
    writer = csv.writer(file)
    writer.writerow(
        ["task", "worker", "label", *LABEL]
        + list(answers)
        + [f"consensus_{name}" for name in CONSENSUS]
        + [f"p_{option}" for option in options]
        + [f"clip_{place}" for place in range(1, clips_shown + 1) if clips_shown > 1]
    )
    count = 0
    for record in records(campaign, clips):
        for label in record["labels"]:
            if label["stands"]:
                writer.writerow(map(defused, _row(record, label, questions, options)))
                count += 1
    return count


def _row(
    record: dict[str, Any],
    label: dict[str, Any],
    questions: scheme.Questions,
    options: list[str],
) -> list[Any]:
    consensus = record["consensus"].get(label["population"], {})
    distribution = consensus.get("distribution", {})
    return [
        record["task"],
        label["worker"],
        _plain(label["label"]),
        *(" ".join(label[name]) if name == "layers" else label[name] for name in LABEL),
        *(_plain(cell) for cell in _answers(questions, label["value"]).values()),
        *(consensus.get(name) for name in CONSENSUS),
        *(distribution.get(option) for option in options),
        *(clip["external_id"] for clip in record.get("clips", [])),
    ]


def _answers(questions: scheme.Questions, value: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of every question's answer, by their names."""
    return {
        "_".join(filter(None, ["answer", question["name"], suffix])): cell
        for question in questions
        for suffix, cell in scheme.instrument_of(question)
        .cells(question, value.get(question["name"]))
        .items()
    }


def _plain(cell: Any) -> Any:
    """Return what fits a cell: an answer of several parts as JSON."""
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else cell


def defused(cell: Any) -> Any:
    """Return the cell so that a spreadsheet does not take text for a formula.

    >>> defused("=1+1"), defused("-0.5"), defused(-0.5)
    ("'=1+1", '-0.5', -0.5)
    """
    if not isinstance(cell, str) or not cell.startswith(FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
