from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotation.instruments import graded_choices
from annotation.instruments.base import Said
from tests.annotation.instruments.samples import OPTIONS, clean, question

levels = st.one_of(st.none(), st.integers(0, 3))
answers = st.fixed_dictionaries(dict.fromkeys(OPTIONS, levels))


def test_an_option_that_is_not_there_was_not_touched() -> None:
    assert clean("graded-choices", {"joy": 0}) == {"joy": 0, "sadness": None, "anger": None}


def test_untouched_never_counts_as_zero() -> None:
    said = [
        Said(1, 1, {"joy": 3, "sadness": None, "anger": 0}),
        Said(1, 2, {"joy": None, "sadness": None, "anger": 2}),
    ]

    found = graded_choices.aggregate(question("graded-choices"), said)[1]["options"]

    assert found["joy"] == {"n": 1, "mean": 3.0, "share": 1.0}
    assert found["sadness"] == {"n": 0, "mean": None, "share": None}
    assert found["anger"] == {"n": 2, "mean": 1.0, "share": 0.5}


def test_answers_count_with_their_weights() -> None:
    joyful = {"joy": 3, "sadness": None, "anger": None}
    said = [Said(1, 1, joyful, 0.25), Said(1, 2, {**joyful, "joy": 0}, 0.75)]

    found = graded_choices.aggregate(question("graded-choices"), said)[1]["options"]

    assert found["joy"] == {"n": 2, "mean": 0.75, "share": 0.25}


def test_the_steps_have_the_researchers_words() -> None:
    asked = question("graded-choices", levels=["weak", "strong"])

    drawn = graded_choices.draw(asked, ["anger", "joy", "sadness"])

    assert [step["text"] for step in drawn["steps"]] == ["not at all", "weak", "strong"]
    assert drawn["choices"][0] == {"value": "anger", "text": "anger", "key": "1"}


@given(st.lists(answers, min_size=1, max_size=6))
def test_the_numbers_are_those_of_who_touched(given_answers: list[dict[str, int | None]]) -> None:
    said = [Said(1, who, answer) for who, answer in enumerate(given_answers)]

    found = graded_choices.aggregate(question("graded-choices"), said)[1]["options"]

    for option in OPTIONS:
        touched = [level for a in given_answers if (level := a[option]) is not None]
        assert found[option]["n"] == len(touched)
        if touched:
            assert abs(found[option]["mean"] - sum(touched) / len(touched)) < 1e-6
