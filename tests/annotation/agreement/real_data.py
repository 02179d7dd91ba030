"""The recorded answers of real people, where they are at hand."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from annotation.agreement.answers import Answers, Floats, Ints, from_rows

DATA = Path(__file__).parents[4] / "shared" / "data"


def recorded(name: str) -> Path:
    """Return the path of a recorded file, or skip the test that asks for it."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"needs ../shared/data/{name}, which is not here")
    return path


def answers_with_truth(name: str) -> tuple[Answers, Ints]:
    with gzip.open(recorded(f"truth_inference/{name}_answers.csv.gz"), "rt") as file:
        rows = [(r["question"], r["worker"], r["answer"]) for r in csv.DictReader(file)]
    with recorded(f"truth_inference/{name}_truth.csv").open() as file:
        truth = {r["question"]: int(r["truth"]) for r in csv.DictReader(file)}
    named = from_rows(rows, classes=sorted({r[2] for r in rows}))
    return named.answers, np.array([truth[str(task)] for task in named.tasks])


def face_sentiment() -> tuple[Answers, Ints, list[str]]:
    """Return the answers, the acted truth, and the person in each photograph."""
    with recorded("face_sentiment/answers.csv").open() as file:
        rows = [(r["task"], r["worker"], r["label"]) for r in csv.DictReader(file)]
    with recorded("face_sentiment/tasks.csv").open() as file:
        tasks = {r["task"]: r for r in csv.DictReader(file)}
    named = from_rows(rows, classes="0123")
    known = [tasks[str(task)] for task in named.tasks]
    truth = np.array([int(r["truth"]) for r in known])
    return named.answers, truth, [r["person"] for r in known]


def emotion_numbers() -> tuple[Ints, Floats]:
    """Return the task and the number of each answer of N_Emotion."""
    with gzip.open(recorded("truth_inference/N_Emotion_answers.csv.gz"), "rt") as file:
        rows = [(int(r["question"]), float(r["answer"])) for r in csv.DictReader(file)]
    return np.array([r[0] for r in rows]), np.array([r[1] for r in rows])


def vote_table(name: str, columns: list[str], **conditions: str) -> Ints:
    with recorded(name).open() as file:
        rows = [
            [int(row[column]) for column in columns]
            for row in csv.DictReader(file)
            if all(row[key] == value for key, value in conditions.items())
        ]
    return np.array(rows)
