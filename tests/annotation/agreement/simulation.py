"""Answers whose truth is known because they are drawn."""

from __future__ import annotations

import numpy as np

from annotation.agreement.answers import Answers, Floats, Ints


def answers_of(
    task: list[int], annotator: list[int], label: list[int], shape: tuple[int, int, int]
) -> Answers:
    """Return answers from plain lists; `shape` is tasks, annotators, classes."""
    return Answers(np.array(task), np.array(annotator), np.array(label), *shape)


def draw_answers(
    shares: Floats, profiles: list[str], *, per_task: int = 8, seed: int = 0
) -> Answers:
    """Let annotators of given `profiles` answer tasks of given `shares` (n_tasks, K).

    honest: draws from the task's share; uniform: from all classes alike; constant: always 0;
    mimic: from the overall share.
    """
    rng = np.random.default_rng(seed)
    n_tasks, k = shares.shape
    who = np.array([rng.permutation(len(profiles))[:per_task] for _ in range(n_tasks)])
    task, annotator = np.arange(n_tasks).repeat(per_task), who.ravel()
    said = {
        "honest": _draw(shares[task], rng),
        "uniform": rng.integers(0, k, len(task)),
        "constant": np.zeros(len(task), dtype=np.int64),
        "mimic": _draw(np.broadcast_to(shares.mean(axis=0), shares[task].shape), rng),
    }
    profile = np.array(profiles)[annotator]
    label = np.select([profile == name for name in said], list(said.values()))
    return Answers(task, annotator, label, n_tasks, len(profiles), k)


def soft_shares(n_tasks: int = 300, k: int = 4, *, s: float = 0.8, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).dirichlet(np.full(k, s / k), size=n_tasks)


def _draw(shares: Floats, rng: np.random.Generator) -> Ints:
    below = np.cumsum(shares, axis=1) < rng.random((len(shares), 1))
    drawn: Ints = np.minimum(below.sum(axis=1), shares.shape[1] - 1)
    return drawn


def people(n: int, tasks_each: int, *, per_task: int, seed: int) -> tuple[Ints, Ints]:
    """Return counts (n * tasks_each, 4) of people who differ much, and the person of each task.

    Every person has a mixture of emotions and a clarity of their own.
    """
    rng = np.random.default_rng(seed)
    mixture = rng.dirichlet([2.4, 0.8, 0.8, 0.8], size=n)
    clarity = 1.2 * np.exp(0.7 * rng.standard_normal((n, 1)))
    shapes = rng.standard_gamma((clarity * mixture).repeat(tasks_each, axis=0)) + 1e-12
    shares = shapes / shapes.sum(axis=1, keepdims=True)
    return rng.multinomial(per_task, shares), np.arange(n).repeat(tasks_each)
