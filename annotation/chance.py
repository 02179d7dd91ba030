"""What is drawn by lot for an assignment: its steps, and the order of options and of clips."""

from __future__ import annotations

import random
from typing import Any

from annotation import scheme, staging
from annotation.instruments.places import PLACES
from annotation.models import Campaign, Member, Need, Task


def plan(
    campaign: Campaign, task: Task, member: Member, *, is_probe: bool = False
) -> dict[str, Any]:
    """Return the steps of an assignment; none where the clip alone is shown.

    A probe begins with the clip alone: what is known of its clip is what people see in that.
    """
    if campaign.stages == [staging.BLIND] or task.n_clips > 1:
        return {}
    chance = random.Random(f"{campaign.seed}:{task.pk}:{member.user_id}")  # noqa: S311
    # Where the clip alone was found too little, all who come now see its context first.
    first = 1.0 if task.need == Need.CONTEXT else campaign.context_first_share
    first = 0.0 if is_probe else first
    arm, steps = staging.draw(
        campaign.stages,
        campaign.layers_of(task.clip),
        task.suggestion,
        (first, campaign.never_suggested_share),
        chance,
    )
    return {"arm": arm, "steps": steps}


def places_order(campaign: Campaign, task: Task) -> dict[str, list[str]]:
    """Return the order in which the clips of a comparison stand on the screen.

    It is random for the first who takes the task and moves on by one for each after: over so many
    annotators as there are clips, every clip stands once in every place, and none gains by it.
    """
    question = scheme.comparison(campaign.scheme.questions)
    if question is None:
        return {}
    places = list(PLACES[: task.n_clips])
    random.Random(f"{campaign.seed}:{task.pk}").shuffle(places)  # noqa: S311
    turn = task.live % len(places)
    return {question["name"]: places[turn:] + places[:turn]}


def options_orders(campaign: Campaign, member: Member) -> dict[str, list[str]]:
    """Return the order in which this annotator sees the options: random, the same all along."""
    chance = random.Random(f"{campaign.seed}:{campaign.pk}:{member.user_id}")  # noqa: S311
    return scheme.orders(campaign.scheme.questions, chance)
