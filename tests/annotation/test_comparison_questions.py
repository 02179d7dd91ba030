"""Questions about several clips: what may be asked, answered, drawn and summed up."""

from __future__ import annotations

from typing import Any

import pytest

from annotation import scheme
from annotation.instruments import InvalidQuestion, best_worst, pairwise
from annotation.instruments.base import Said, Shown
from annotation.scheme import InvalidValue
from tests.factories import COMPARISONS, make_questions

PAIR, FOUR = Shown(clips=2), Shown(clips=4)
SURE = {"name": "sure", "instrument": "confidence", "prompt": "How sure are you?"}


def pair(**more: Any) -> dict[str, Any]:
    return scheme.define([COMPARISONS["pairwise"] | more])[0]


def four(**more: Any) -> dict[str, Any]:
    return scheme.define([COMPARISONS["best-worst"] | more])[0]


@pytest.mark.parametrize("answer", ["first", "second", "tie"])
def test_a_pair_has_three_answers(answer: str) -> None:
    assert scheme.clean([pair()], answer, PAIR) == {"happier": answer}


@pytest.mark.parametrize("answer", ["third", "FIRST", "", 1, True, ["first"], {"best": "first"}])
def test_another_answer_to_a_pair_is_refused(answer: Any) -> None:
    with pytest.raises(InvalidValue, match="Choose one of: first, second, tie"):
        scheme.clean([pair()], {"happier": answer}, PAIR)


def test_without_ties_one_of_the_two_is_needed() -> None:
    with pytest.raises(InvalidValue, match="has no tie"):
        scheme.clean([pair(tie=False)], "tie", PAIR)


def test_tie_is_true_or_false() -> None:
    with pytest.raises(InvalidQuestion, match="tie: say true or false"):
        pair(tie="yes")


def test_a_four_has_a_best_and_a_worst() -> None:
    answer = {"best": "fourth", "worst": "first"}

    assert scheme.clean([four()], {"calm": answer}, FOUR) == {"calm": answer}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"best": "first", "worst": "first"}, "cannot be both"),
        ({"best": "first", "worst": "fifth"}, "Choose one of: first, second, third, fourth"),
        ({"best": "first", "worst": None}, "is not a place"),
        ({"best": "first"}, "is not a pair"),
        ({"best": "first", "worst": "second", "next": "third"}, "is not a pair"),
        ("first", "is not a pair"),
        ([], "is not a pair"),
    ],
)
def test_another_answer_to_a_four_is_refused(answer: Any, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        scheme.clean([four()], {"calm": answer}, FOUR)


def test_a_place_where_no_clip_was_shown_is_refused() -> None:
    with pytest.raises(InvalidValue, match="Choose one of: first, second, third"):
        scheme.clean([four()], {"calm": {"best": "first", "worst": "fourth"}}, Shown(clips=3))


def test_plain_forms_are_read() -> None:
    form = {"calm.best": ["second"], "calm.worst": ["first"], "happier": ["tie"]}

    assert best_worst.read(four(), form) == {"best": "second", "worst": "first"}
    assert pairwise.read(pair(), form) == "tie"
    assert best_worst.read(four(), {}) is None


def test_half_an_answer_in_a_plain_form_is_refused() -> None:
    half = best_worst.read(four(), {"calm.best": ["second"]})

    with pytest.raises(InvalidValue, match="None is not a place"):
        scheme.clean([four()], {"calm": half}, FOUR)


def test_clips_are_drawn_in_the_annotators_order() -> None:
    (drawn,) = scheme.draw([pair()], {"happier": ["second", "first"]})

    assert [choice["value"] for choice in drawn["choices"]] == ["second", "first"]
    assert drawn["template"] == "annotation/instruments/pairwise.html"


def test_answers_add_up_comparison_by_comparison() -> None:
    said = [Said(1, 1, "first"), Said(1, 2, "tie"), Said(2, 1, "second")]

    found = pairwise.aggregate(pair(), said)

    assert found[1]["distribution"] == {"first": 0.5, "second": 0.0, "tie": 0.5}
    assert found[2]["n"] == 1


def test_fours_add_up_to_a_balance_of_each_place() -> None:
    said = [
        Said(1, 1, {"best": "first", "worst": "second"}),
        Said(1, 2, {"best": "first", "worst": "third"}),
    ]

    found = best_worst.aggregate(four(), said)

    balance = {"first": 1.0, "second": -0.5, "third": -0.5, "fourth": 0.0}
    assert found == {1: {"n": 2, "balance": balance}}


def test_a_four_has_two_columns() -> None:
    answer = {"best": "fourth", "worst": "first"}

    assert best_worst.cells(four(), answer) == answer
    assert best_worst.cells(four(), None) == {"best": None, "worst": None}


def test_a_comparison_may_ask_how_sure_people_are() -> None:
    questions = scheme.define([COMPARISONS["pairwise"], SURE])

    assert scheme.clips_shown(questions) == 2
    assert scheme.comparison(questions) == questions[0]


@pytest.mark.parametrize("other", [make_questions()[0], COMPARISONS["best-worst"]])
def test_a_comparison_cannot_stand_beside_a_question_about_one_clip(other: Any) -> None:
    with pytest.raises(InvalidQuestion, match=f"cannot ask {other['instrument']}, too"):
        scheme.define([COMPARISONS["pairwise"], other])


def test_the_comparison_comes_first() -> None:
    with pytest.raises(InvalidQuestion, match="put the question that compares clips first"):
        scheme.define([SURE | {"required": True}, COMPARISONS["pairwise"]])


def test_other_schemes_show_one_clip() -> None:
    questions = scheme.define(make_questions(confidence=True))

    assert scheme.clips_shown(questions) == 1
    assert scheme.comparison(questions) is None
