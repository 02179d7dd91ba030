"""What one simulated campaign came to."""

from __future__ import annotations

import numpy as np

from active_learning.planning.collecting import Said
from annotation.agreement.aggregation import Fit
from annotation.agreement.alpha import alpha
from annotation.agreement.ambiguity import jensen_shannon
from annotation.agreement.answers import Answers, Ints
from annotation.agreement.states import task_states
from annotation.agreement.stopping import settled_share

SHARES = ("consensus", "mixed", "ambiguous", "open")
FIGURES = ("per_clip", "alpha", "alpha_attentive", "accuracy", "majority", "divergence", *SHARES)


def judge(said: Said, answers: Answers, fit: Fit) -> dict[str, float]:
    """Return FIGURES; NaN where one is not defined.

    per_clip: labels spent on a clip.
    alpha: Krippendorff's, nominal, over all labels; `alpha_attentive` without those who never look.
    accuracy: how often the consensus's first class is what most people who look say; `majority`
        the same of the bare majority, a tie of t classes counts 1/t.
    divergence: Jensen-Shannon, of the consensus from what people who look say, in nats.
    consensus, mixed, ambiguous, open: shares of the clips in each state.
    """
    states = task_states(fit.alphas, fit.effective_n)
    truth = said.shares.argmax(axis=1)
    return {
        "per_clip": len(answers) / answers.n_tasks,
        "alpha": _alpha(answers),
        "alpha_attentive": _alpha(answers.subset(~said.careless[answers.annotator])),
        "accuracy": float((fit.distribution.argmax(axis=1) == truth).mean()),
        "majority": _majority(answers.counts(), truth),
        "divergence": float(jensen_shannon(fit.distribution, said.shares).mean()),
        **settled_share(states),
    }


def _majority(counts: Ints, truth: Ints) -> float:
    """Return how often the majority is right; a tie of t classes is right one time in t."""
    first = counts == counts.max(axis=1, keepdims=True)
    right = first[np.arange(len(truth)), truth] / first.sum(axis=1)
    return float(right.mean())


def _alpha(answers: Answers) -> float:
    try:
        return alpha(answers)
    except ValueError:
        return float("nan")
