"""A question of each kind, an answer to it, and the plain form that sends the same answer."""

from __future__ import annotations

from typing import Any, NamedTuple

from annotation import scheme
from annotation.instruments.base import Fields, Shown

CLIP = Shown(duration=4.0)
OPTIONS = ["joy", "sadness", "anger"]


class Sample(NamedTuple):
    keys: dict[str, Any]
    answer: Any
    fields: Fields


SAMPLES = {
    "single-choice": Sample({"options": OPTIONS}, "joy", {"q": ["joy"]}),
    "confidence": Sample({}, 4, {"q": ["4"]}),
    "graded-choices": Sample(
        {"options": OPTIONS},
        {"joy": 2, "sadness": 0, "anger": None},
        {"q.joy": ["2"], "q.sadness": ["0"], "q.anger": [""]},
    ),
    "primary-secondary": Sample(
        {"options": OPTIONS, "extras": ["unclear"]},
        {"primary": "joy", "secondary": "anger"},
        {"q.primary": ["joy"], "q.secondary": ["anger"]},
    ),
    "distribution": Sample(
        {"options": OPTIONS},
        {"joy": 60, "sadness": 40, "anger": 0},
        {"q.joy": ["60"], "q.sadness": ["40"]},
    ),
    "emotion-wheel": Sample(
        {}, {"emotion": "pride", "intensity": 4}, {"q.emotion": ["pride"], "q.intensity": ["4"]}
    ),
    "dimensions": Sample(
        {"dimensions": ["valence", "arousal"]},
        {"valence": 7, "arousal": 1},
        {"q.valence": ["7"], "q.arousal": ["1"]},
    ),
    "affect-grid": Sample({}, {"valence": 7, "arousal": 3}, {"q": ["7,3"]}),
    "ordinal": Sample({"levels": ["never", "sometimes", "always"]}, 3, {"q": ["3"]}),
    "segments": Sample(
        {"options": OPTIONS},
        [{"start": 0.4, "end": 1.9, "category": "joy"}],
        {"q.start": ["0.4", ""], "q.end": ["1.9", ""], "q.category": ["joy", "anger"]},
    ),
    "trace": Sample(
        {"dimension": "valence"},
        {"events": [[0.0, 10.0, 0.0], [2.5, 2510.5, 0.25]], "log": [["play", 9.0, 0.0]]},
        {"q": ['{"events": [[0, 10, 0], [2.5, 2510.5, 0.25]], "log": [["play", 9, 0]]}']},
    ),
    "wish": Sample(
        {},
        {"level": 4, "wish": "alone", "addressee": "stranger", "reasons": ["tired", "busy"]},
        {
            "q.level": ["4"],
            "q.wish": ["alone"],
            "q.addressee": ["stranger"],
            "q.reasons": ["busy", "tired"],
        },
    ),
    "free-text": Sample({}, "She looks away.", {"q": [" She looks away. "]}),
}


def question(kind: str, **keys: Any) -> dict[str, Any]:
    """Return a question of that kind, complete and required."""
    asked = {"name": "q", "instrument": kind, "prompt": "What do you see?", "required": True}
    return scheme.define([{**asked, **SAMPLES[kind].keys, **keys}])[0]


def clean(kind: str, answer: Any, shown: Shown = CLIP, **keys: Any) -> Any:
    """Return how an answer to such a question is stored; raises InvalidValue."""
    return scheme.clean([question(kind, **keys)], {"q": answer}, shown)["q"]


def refusal(kind: str, answer: Any, shown: Shown = CLIP, **keys: Any) -> str:
    """Return the sentence with which an answer is refused, "" where it is not."""
    try:
        clean(kind, answer, shown, **keys)
    except scheme.InvalidValue as error:
        return str(error.errors["q"])
    return ""
