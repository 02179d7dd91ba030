from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import from_rows
from tests.annotation.agreement.simulation import answers_of


def test_rows_are_numbered_in_the_order_they_appear() -> None:
    named = from_rows([("b", "x", "joy"), ("a", "y", "fear"), ("b", "y", "joy")])

    assert named.tasks == ("b", "a")
    assert named.answers.counts().tolist() == [[2, 0], [0, 1]]


def test_classes_that_nobody_chose_keep_their_place() -> None:
    named = from_rows([("a", "x", "joy")], classes=["fear", "joy", "calm"])

    assert named.answers.counts().tolist() == [[0, 1, 0]]


def test_annotators_keep_the_numbers_of_a_fit_and_newcomers_follow() -> None:
    named = from_rows([("a", "new", "joy"), ("a", "y", "joy")], ["joy", "fear"], ["x", "y"])

    assert named.annotators == ("x", "y", "new")
    assert named.answers.annotator.tolist() == [2, 1]


def test_a_label_outside_the_classes_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'rage' is not one of the classes"):
        from_rows([("a", "x", "rage")], classes=["fear", "joy"])


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ([0, 2], "label must lie between 0 and 1"),
        ([0, -1], "label must lie between 0 and 1"),
        ([0.0, 1.0], "must hold integers"),
        ([0], "same length"),
        ([[0, 1]], "one dimension"),
    ],
)
def test_labels_that_make_no_sense_are_refused(label: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        answers_of([0, 1], [0, 0], label, (2, 1, 2))


def test_one_class_is_no_question() -> None:
    with pytest.raises(ValueError, match="two classes"):
        answers_of([0], [0], [0], (1, 1, 1))


def test_ordering_tells_where_each_label_came_from() -> None:
    answers = answers_of([1, 0, 1], [0, 0, 1], [1, 0, 0], (2, 2, 2))

    ordered, order = answers.in_order()

    assert ordered.task.tolist() == [0, 1, 1]
    assert np.array_equal(answers.label[order], ordered.label)
