"""Answers of people who look and of people who do not, drawn in the order they are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from annotation.agreement.answers import Answers, Bools, Floats, Ints

# How common the answers are: the first is what is shown where nothing happens.
MARGINALS = {
    4: (0.4, 0.3, 0.2, 0.1),
    5: (0.4, 0.25, 0.15, 0.12, 0.08),
    7: (0.35, 0.2, 0.15, 0.1, 0.08, 0.07, 0.05),
}
# People who look miss one clip in ten, some more, some less.
LOOKS = (18.0, 2.0)
# Who copies does so nearly always; who drifts stops looking between these parts of their labels.
COPIES = 0.95
DRIFT = (0.3, 0.7)
# What the minority takes for what.
READ, AS = 1, 2


@dataclass(frozen=True, eq=False)
class Drawn:
    """Labels in the order they were given, with all that was drawn to get them.

    nth: (n_labels,), the how-manieth of its annotator each label is, from 0.
    shares: (n_tasks, K), what people who look say; learner: (n_tasks,), its first answer.
    profile: (n_annotators,), what each annotator is.
    """

    answers: Answers
    nth: Ints
    shares: Floats
    learner: Ints
    profile: tuple[str, ...]

    def who(self, *profiles: str) -> Ints:
        """Return the annotators of these profiles."""
        return np.flatnonzero(np.isin(self.profile, profiles))


def draw(
    profile: Sequence[str],
    labels_each: int,
    *,
    k: int = 5,
    per_task: int = 5,
    shares: Floats | None = None,
    seed: int = 0,
) -> Drawn:
    """Let annotators of these profiles give as many labels each, `per_task` to a task.

    honest: looks at nine clips in ten and answers from its distribution, drawn from Dir(m) if
    no `shares` are given; else from the shares of the whole. minority: the same, but one class is
    always called another. uniform, constant, mimic: as their names say. drift: honest, then ever
    less. group: say what the first of them at the clip says. copier: says what the first annotator
    says where both are, else as mimic. model: says what the learner says. The number of
    annotators must be a multiple of `per_task`.
    """
    rng = np.random.default_rng(seed)
    w = len(profile)
    who = np.concatenate([rng.permutation(w) for _ in range(labels_each)])
    task = np.arange(len(who)) // per_task
    n_tasks = len(who) // per_task
    if shares is None:
        shares = rng.dirichlet(MARGINALS[k], size=n_tasks)
    shares = shares[:n_tasks]
    nth = np.arange(len(who)) // w
    looks = _looks(np.array(profile), who, nth / labels_each, rng)
    common = shares.mean(axis=0)
    mimic = pick(np.broadcast_to(common, (len(who), len(common))), rng)
    label = np.where(looks, pick(shares[task], rng), mimic)
    learner = pick(shares**2 / (shares**2).sum(axis=1, keepdims=True), rng)
    scene = _Scene(np.array(profile)[who], who, task, learner[task], mimic, rng, shares.shape[1])
    for name, act in ACTS.items():
        label = np.where(scene.profile == name, act(scene, label), label)
    answers = Answers(task, who, label, n_tasks, w, shares.shape[1])
    return Drawn(answers, nth, shares, learner, tuple(profile))


@dataclass(frozen=True, eq=False)
class _Scene:
    """What an act may know, each (n_labels,)."""

    profile: Ints
    who: Ints
    task: Ints
    learner: Ints
    mimic: Ints
    rng: np.random.Generator
    k: int


def _minority(scene: _Scene, label: Ints) -> Ints:
    return np.where(label == READ, AS, label)


def _uniform(scene: _Scene, label: Ints) -> Ints:
    return scene.rng.integers(0, scene.k, len(label))


def _constant(scene: _Scene, label: Ints) -> Ints:
    return np.zeros_like(label)


def _mimic(scene: _Scene, label: Ints) -> Ints:
    return scene.mimic


def _group(scene: _Scene, label: Ints) -> Ints:
    return _copied(scene, label, scene.profile == "group", otherwise=label)


def _copier(scene: _Scene, label: Ints) -> Ints:
    return _copied(scene, label, scene.who == 0, otherwise=scene.mimic)


def _model(scene: _Scene, label: Ints) -> Ints:
    return np.where(scene.rng.random(len(label)) < COPIES, scene.learner, label)


ACTS: dict[str, Callable[[_Scene, Ints], Ints]] = {
    "minority": _minority,
    "uniform": _uniform,
    "constant": _constant,
    "mimic": _mimic,
    "group": _group,
    "copier": _copier,
    "model": _model,
}


def _copied(scene: _Scene, label: Ints, of: Bools, *, otherwise: Ints) -> Ints:
    """Say what the first of those at the clip said."""
    told = np.full(int(scene.task.max()) + 1, -1)
    at = np.flatnonzero(of)[::-1]
    told[scene.task[at]] = label[at]
    said = told[scene.task]
    copies = (said >= 0) & (scene.rng.random(len(label)) < COPIES)
    return np.where(copies, said, otherwise)


def _looks(profile: Ints, who: Ints, done: Floats, rng: np.random.Generator) -> Bools:
    """Which labels (n_labels,) are given by looking."""
    attention = rng.beta(*LOOKS, size=len(profile))[who]
    begin, end = DRIFT
    fades = np.where(profile[who] == "drift", np.clip((end - done) / (end - begin), 0, 1), 1.0)
    found: Bools = rng.random(len(who)) < attention * fades
    return found


def pick(shares: Floats, rng: np.random.Generator) -> Ints:
    """Draw one class from each row."""
    below = np.cumsum(shares, axis=1) < rng.random((len(shares), 1))
    drawn: Ints = np.minimum(below.sum(axis=1), shares.shape[1] - 1)
    return drawn


def auc(looking: Floats, not_looking: Floats) -> float:
    """Return how often one who looks has the higher score; a tie counts as half."""
    one, other = looking[:, None], not_looking[None, :]
    return float(((one > other) + 0.5 * (one == other)).mean())
