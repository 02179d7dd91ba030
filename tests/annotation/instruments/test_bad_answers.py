"""Answers that no page would send: refused with a sentence, never a crash, nothing kept."""

from __future__ import annotations

from typing import Any

import pytest

from annotation import scheme
from annotation.instruments.base import Shown
from tests.annotation.instruments.samples import SAMPLES, clean, question, refusal

NAN, INFINITE = float("nan"), float("inf")


def nested(depth: int) -> Any:
    found: Any = "joy"
    for _ in range(depth):
        found = [found]
    return found


HOSTILE: dict[str, Any] = {
    "true": True,
    "false": False,
    "a fraction": 2.5,
    "not a number": NAN,
    "infinite": INFINITE,
    "huge": 10**40,
    "too long to write out": 10**5000,
    "below zero": -1,
    "an unknown word": "JOY",
    "a long text": "x" * 1_000_000,
    "a list of numbers": [1, 2, 3],
    "deep": nested(500),
    "an empty object": {},
    "unknown keys": {"": 1, "__proto__": 2},
    "many keys": {str(n): n for n in range(10_000)},
    "numbers as keys": {1: 2},
    "many": ["joy"] * 1_000_000,
}
# What is an answer to that kind of question after all.
FINE = {("free-text", "an unknown word")}


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_answer_is_refused_with_a_sentence(kind: str, name: str) -> None:
    if (kind, name) in FINE:
        assert clean(kind, HOSTILE[name]) == HOSTILE[name]
        return

    said = refusal(kind, HOSTILE[name])

    assert said.endswith(".")
    assert 10 < len(said) < 500


PARTS: list[tuple[str, Any]] = [
    (kind, part)
    for kind, sample in SAMPLES.items()
    if isinstance(sample.answer, dict)
    for part in sample.answer
]
NUMBERS = ["true", "a fraction", "not a number", "infinite", "huge", "too long to write out"]
OTHERS = ["below zero", "an unknown word", "deep", "unknown keys", "many"]


@pytest.mark.parametrize(("kind", "part"), PARTS)
@pytest.mark.parametrize("name", NUMBERS + OTHERS)
def test_a_part_that_is_no_answer_is_refused_with_a_sentence(
    kind: str, part: str, name: str
) -> None:
    said = refusal(kind, SAMPLES[kind].answer | {part: HOSTILE[name]})

    assert said.endswith(".")
    assert 10 < len(said) < 500


@pytest.mark.parametrize(
    ("kind", "answer", "sentence"),
    [
        ("single-choice", "fear", "'fear' is not an option. Choose one of: joy, sadness, anger."),
        ("graded-choices", {"joy": 4}, "joy: 4 is not between 0 and 3."),
        ("graded-choices", {"fear": 1}, "'fear' was not shown."),
        ("graded-choices", {"joy": None}, "at least one"),
        ("primary-secondary", {"secondary": "joy"}, "primary: choose the main one first."),
        ("primary-secondary", {"primary": "joy", "secondary": "joy"}, "secondary: .*another one"),
        ("primary-secondary", {"primary": "joy", "secondary": "unclear"}, "only stand alone"),
        ("distribution", {"joy": 60, "anger": 30}, "The points sum to 90."),
        ("distribution", {"joy": 100, "anger": 1}, "The points sum to 101."),
        ("distribution", {"joy": 110, "anger": -10}, "joy: 110 is not between 0 and 100."),
        ("distribution", {"joy": 50.0, "anger": 50.0}, "joy: 50.0 is not a whole number"),
        ("emotion-wheel", {"emotion": "joy"}, "intensity: say how strong"),
        ("emotion-wheel", {"emotion": "joy", "intensity": 6}, "intensity: 6 is not between"),
        ("emotion-wheel", {"emotion": "none", "intensity": 1}, "intensity: 'none' has none"),
        ("emotion-wheel", {"intensity": 3}, "emotion: choose one"),
        ("dimensions", {"valence": 7}, "arousal: an answer is needed here, too."),
        ("dimensions", {"valence": 10, "arousal": 1}, "valence: 10 is not between 1 and 9."),
        ("affect-grid", {"valence": 7}, "arousal: choose one square"),
        ("ordinal", 4, "4 is not between 1 and 3."),
        ("wish", {"wish": "alone"}, "addressee: an answer is needed."),
        ("wish", {"addressee": "friend", "level": 5}, "wish: an answer is needed."),
        ("wish", {"wish": "alone", "addressee": "boss"}, "addressee: 'boss' is not an option."),
    ],
)
def test_the_sentence_names_what_is_wrong(kind: str, answer: Any, sentence: str) -> None:
    with pytest.raises(scheme.InvalidValue, match=sentence):
        clean(kind, answer)


def segment(start: Any, end: Any, category: Any = "joy") -> dict[str, Any]:
    return {"start": start, "end": end, "category": category}


@pytest.mark.parametrize(
    ("segments", "sentence"),
    [
        ([segment(3, 4.2)], "Segment 1 ends at 4.2 s; the clip lasts 4 s."),
        ([segment(0, 1), segment(-0.1, 1)], "Segment 2 starts before the clip, at -0.1 s."),
        ([segment(2, 2)], "Segment 1 has to end after its start, at 2 s."),
        ([segment(2, 1)], "Segment 1 has to end after its start, at 2 s."),
        ([segment(1, 1.0004)], "Segment 1 has to end after its start"),
        ([segment(0, 1, "fear")], "Segment 1: 'fear' is not an option."),
        ([segment(0, 2), segment(1, 3)], "Two segments of 'joy' overlap at 1 s. Make them one."),
        ([segment(NAN, 1)], "Segment 1 needs its start and its end in seconds."),
        ([segment("0", 1)], "Segment 1 needs its start and its end in seconds."),
        ([{"start": 0, "end": 1}], "Segment 1 is not an object with: start, end, category."),
        ([segment(0, 1)] * 201, "201 segments are too many. Mark up to 200."),
    ],
)
def test_a_segment_has_to_be_within_the_clip(segments: list[Any], sentence: str) -> None:
    with pytest.raises(scheme.InvalidValue, match=sentence):
        clean("segments", segments)


STEADY = [[0, 0, 0.0], [1, 1000, 0.5], [2, 2000, 1.0]]


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        (STEADY[:1], "at least 2 events, not 1"),
        ([[n / 1e5, n, 0] for n in range(100_000)], "at most 20000 events, not 100000"),
        ([*STEADY, [3, 1999, 0]], "Event 4: the clock runs backwards, 1999 ms after 2000 ms"),
        ([*STEADY, [1.5, 2500, 0]], "Event 4: the media time runs backwards, 1.5 s after 2 s"),
        ([*STEADY, [4.6, 4600, 0]], "Event 4 is at 4.6 s, outside the clip of 4 s"),
        ([[-1, 0, 0], *STEADY], "Event 1 is at -1 s, outside the clip of 4 s"),
        ([*STEADY, [3, 3000, 1.01]], "Event 4 has the value 1.01; it must be from -1 to 1"),
        ([*STEADY, [3, 3000, NAN]], "Event 4 has something that is not a finite number"),
        ([*STEADY, [3, 10**999, 0]], "Event 4 has something that is not a finite number"),
        ([*STEADY, [3, True, 0]], "Event 4 has something that is not a finite number"),
        ([*STEADY, [3, 3000]], "Event 4 is not .media seconds, clock milliseconds, value."),
        ([*STEADY, {"media": 3}], "Event 4 is not"),
        ("STEADY", "have to be lists"),
    ],
)
def test_a_trace_runs_forwards_within_the_clip(events: Any, sentence: str) -> None:
    with pytest.raises(scheme.InvalidValue, match=sentence):
        clean("trace", {"events": events, "log": []})


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ([["rewind", 0, 0]], "Log entry 1: 'rewind' is not one of: play"),
        ([["play", 0]], "Log entry 1 is not .kind"),
        ([["play", NAN, 0]], "Log entry 1 has something that is not a finite number"),
        ([["play", 0, 9]], "Log entry 1 is at 9 s, outside the clip"),
        ([["play", 0, 0]] * 5001, "at most 5000 entries"),
        ("play", "have to be lists"),
    ],
)
def test_a_log_says_what_the_player_did(log: Any, sentence: str) -> None:
    with pytest.raises(scheme.InvalidValue, match=sentence):
        clean("trace", {"events": STEADY, "log": log})


@pytest.mark.parametrize("kind", ["segments", "trace"])
def test_a_picture_has_no_time_to_mark(kind: str) -> None:
    assert "picture" in refusal(kind, SAMPLES[kind].answer, Shown(duration=None))


@pytest.mark.parametrize(
    "text",
    [
        "<b>angry</b>",
        "</p>",
        "<!-- hidden",
        "look <script",
        "<SCRIPT src=x>",
        "<img src=x onerror=alert(1)>",
        "<a href='x'",
        "<?php",
        "<svg/onload=alert(1)",
    ],
)
def test_markup_is_refused_in_free_text(text: str) -> None:
    assert "HTML" in refusal("free-text", text)


@pytest.mark.parametrize("text", ["a < b", "<3", "x <y, then", "1<2>0", "=SUM(A1)", "☹️ <- sad"])
def test_plain_text_may_have_any_sign(text: str) -> None:
    assert clean("free-text", text) == text


@pytest.mark.parametrize("text", ["a\0b", "bell\a", "\x1b[31m", "half \ud800 pair", "\x7f"])
def test_characters_that_nobody_sees_are_refused(text: str) -> None:
    assert "cannot be shown" in refusal("free-text", text)


def test_a_question_that_takes_no_answer_of_a_clip_does_not_mind_a_picture() -> None:
    asked = [question("segments") | {"required": False, "name": "s"}, question("confidence")]

    assert scheme.clean(asked, {"q": 3}, Shown())["s"] is None
