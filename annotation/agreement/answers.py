"""The one data shape of this package: who said what of which task, as integers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Answers:
    """Labels as three parallel arrays of shape (n_labels,), one entry a label.

    Tasks, annotators and classes are numbered from 0. A task or an annotator may have no
    labels at all, so that a part of the labels keeps the numbering of the whole.

    Raises ValueError for arrays of unequal length, of other than integers, or out of range.

    >>> Answers([0, 0, 1], [0, 1, 0], [2, 2, 0], n_tasks=2, n_annotators=2, n_classes=3).counts()
    array([[0, 0, 2],
           [1, 0, 0]])
    """

    task: Ints
    annotator: Ints
    label: Ints
    n_tasks: int
    n_annotators: int
    n_classes: int

    def __post_init__(self) -> None:
        if self.n_classes < 2:
            raise ValueError("Agreement needs at least two classes.")
        for name, size in (
            ("task", self.n_tasks),
            ("annotator", self.n_annotators),
            ("label", self.n_classes),
        ):
            object.__setattr__(self, name, _checked(name, getattr(self, name), size))
        if not self.task.shape == self.annotator.shape == self.label.shape:
            raise ValueError("Task, annotator and label need the same length.")

    def __len__(self) -> int:
        return int(self.task.size)

    @cached_property
    def cell(self) -> Ints:
        """Where each label falls in the flattened (n_tasks, K) table."""
        return self.task * self.n_classes + self.label

    def counts(self) -> Ints:
        """Labels per task and class, shape (n_tasks, K)."""
        return np.bincount(self.cell, minlength=self.n_tasks * self.n_classes).reshape(
            self.n_tasks, self.n_classes
        )

    def weighted_counts(self, weights: Floats) -> Floats:
        """Sum of `weights` (n_labels,) per task and class, shape (n_tasks, K)."""
        sums = sums_by(self.cell, weights, self.n_tasks * self.n_classes)
        return sums.reshape(self.n_tasks, self.n_classes)

    @cached_property
    def labels_per_task(self) -> Ints:
        return np.bincount(self.task, minlength=self.n_tasks)

    @cached_property
    def labels_per_annotator(self) -> Ints:
        return np.bincount(self.annotator, minlength=self.n_annotators)

    def subset(self, chosen: Bools | Ints) -> Answers:
        """Return the `chosen` labels under the same numbering."""
        return Answers(
            self.task[chosen],
            self.annotator[chosen],
            self.label[chosen],
            self.n_tasks,
            self.n_annotators,
            self.n_classes,
        )

    def in_order(self) -> tuple[Answers, Ints]:
        """Return the labels by task, annotator, class, and where each came from.

        Sums of floats depend on their order. Whatever is fitted is fitted in this one, so the
        same labels give the same bytes however they arrive.
        """
        key = (self.task * self.n_annotators + self.annotator) * self.n_classes + self.label
        if bool(np.all(key[1:] >= key[:-1])):
            return self, np.arange(len(self))
        order = np.argsort(key, kind="stable")
        return self.subset(order), order


@dataclass(frozen=True)
class Named:
    """Answers with the names that their numbers stand for."""

    answers: Answers
    tasks: tuple[Hashable, ...]
    annotators: tuple[Hashable, ...]
    classes: tuple[Hashable, ...]


def from_rows(
    rows: Iterable[tuple[Hashable, Hashable, Hashable]],
    classes: Sequence[Hashable] | None = None,
    annotators: Sequence[Hashable] = (),
) -> Named:
    """Number rows of (task, annotator, label), each kind in the order it first appears.

    Give `classes` to fix their order and to keep those that nobody chose; a label outside them
    raises ValueError. Give `annotators` to keep the numbers they had in a fit; those it does not
    name come after them, as newcomers.

    >>> named = from_rows([("clip-1", "ann", "joy"), ("clip-1", "bob", "fear")])
    >>> named.classes, named.answers.label
    (('joy', 'fear'), array([0, 1]))
    """
    tasks: dict[Hashable, int] = {}
    who: dict[Hashable, int] = {name: i for i, name in enumerate(annotators)}
    numbers: dict[Hashable, int] = {name: i for i, name in enumerate(classes or ())}
    triples = []
    for task, annotator, label in rows:
        if classes is not None and label not in numbers:
            raise ValueError(f"The label {label!r} is not one of the classes.")
        triples.append(
            (
                tasks.setdefault(task, len(tasks)),
                who.setdefault(annotator, len(who)),
                numbers.setdefault(label, len(numbers)),
            )
        )
    table = np.array(triples, dtype=np.int64).reshape(-1, 3).T
    answers = Answers(table[0], table[1], table[2], len(tasks), len(who), len(numbers))
    return Named(answers, tuple(tasks), tuple(who), tuple(numbers))


def sums_by(index: Ints, weights: Floats, size: int) -> Floats:
    """Sum the `weights` of each `index` from 0 to size - 1, shape (size,)."""
    return np.bincount(index, weights, size).astype(np.float64, copy=False)


def _checked(name: str, values: object, size: int) -> Ints:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"The array of {name}s must have one dimension, not {array.ndim}.")
    if array.size and array.dtype.kind not in "iu":
        raise ValueError(f"The array of {name}s must hold integers, not {array.dtype}.")
    if array.size and (array.min() < 0 or array.max() >= size):
        raise ValueError(f"Every {name} must lie between 0 and {size - 1}.")
    return array.astype(np.int64, copy=False)
