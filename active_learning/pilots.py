"""What a campaign's labels tell beforehand of another: how clear clips are, and who answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from active_learning import gathering, training_set
from active_learning.planning.answering import Report
from active_learning.planning.difficulty import Difficulty
from active_learning.planning.learning import MOST_CLIPS
from active_learning.planning.questions import Seen
from active_learning.plans import PlanFailedError
from active_learning.snapshots import Example
from annotation import heard
from annotation.agreement.answers import Floats
from annotation.agreement.selection import too_few
from annotation.agreement.spam_mixture import SpamMixture, SpamParameters
from annotation.models import Campaign
from annotation.reports import main_population

# Alpha and 1 at its ends belong to no spread of clips.
LEAST_ALPHA, MOST_ALPHA = 0.02, 0.98
LOOKED_AT = "The pilot's clips are looked at."


@dataclass(frozen=True, eq=False)
class Pilot:
    """How clear its clips are; theta (R,) and eps (R, K) of its annotators; its clips' vectors."""

    difficulty: Difficulty
    theta: Floats
    eps: Floats
    seen: Seen | None


def read(campaign: Campaign, report: Report, *, with_vectors: bool) -> Pilot:
    """Fit the spam mixture to the campaign's consented labels, whatever weighs them there.

    Raises:
        PlanFailedError: there are too few labels to tell annotators apart.
    """
    answers = heard.listen(campaign, main_population(campaign)).answers
    if not len(answers) or too_few(answers):
        raise PlanFailedError(
            _(
                "%(campaign)s has too few labels for a pilot: each clip needs about 3, each "
                "annotator about 20. Take a published corpus instead."
            )
            % {"campaign": campaign.name}
        )
    parameters = SpamMixture().fit(answers).parameters
    assert isinstance(parameters, SpamParameters)  # noqa: S101 - as the mixture fits them.
    people = answers.n_annotators
    alpha = float(np.clip(1 / (1 + parameters.s), LEAST_ALPHA, MOST_ALPHA))
    return Pilot(
        Difficulty(alpha, np.asarray(parameters.m)),
        parameters.theta[:people],
        parameters.eps[:people],
        _seen(campaign, report) if with_vectors else None,
    )


def _seen(campaign: Campaign, report: Report) -> Seen | None:
    """Return the labelled clips that a learner could read; None where there is none."""
    snapshot, _summary = training_set.take(campaign, campaign.seed)
    some = snapshot.training[: 2 * MOST_CLIPS]
    report(0.0, LOOKED_AT)
    gathered = gathering.look_up(snapshot, [one.task for one in some])
    readable: list[Example] = [one for one in some if one.task in gathered.sources]
    if not readable:
        return None
    return Seen(
        gathered.matrix([one.task for one in readable]),
        np.array([one.person for one in readable]),
        np.array([_posterior(one, snapshot.strength) for one in readable]),
    )


def _posterior(one: Example, strength: float) -> Floats:
    """Return the Dirichlet (K,) of what everybody would say of a clip."""
    return np.array(one.distribution) * (one.effective_n + strength)
