"""What an annotator is shown when: the clip alone, then its context, then a suggestion.

A plan is drawn when a task is leased and kept with the assignment: a list of steps, each
{stage, layers, suggestion}. The answer to a step locks when the next one is shown.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

Step = dict[str, Any]

BLIND, CONTEXT, ASSISTED = "blind", "context", "assisted"
# In the order in which they are revealed, one at a time, unless a campaign says otherwise.
LAYERS = ("before", "after", "setting", "relationship", "transcript", "baseline")
PLANS = (
    [BLIND],
    [BLIND, CONTEXT],
    [BLIND, ASSISTED],
    [BLIND, CONTEXT, ASSISTED],
)
BLIND_FIRST, CONTEXT_FIRST, UNASSISTED = "", "context-first", "unassisted"


def draw(
    stages: Sequence[str],
    layers: Sequence[str],
    suggestion: Mapping[str, float] | None,
    shares: tuple[float, float],
    chance: random.Random,
) -> tuple[str, list[Step]]:
    """Return the arm that `chance` puts an assignment in, and its steps.

    `layers` are those the clip has. `shares` are how many see the context first, all of it at
    once and no suggestion after, since that comes only after a blind answer; and how many never
    see a suggestion.

    >>> never = random.Random(1)
    >>> draw(["blind", "context"], ["setting"], None, (0, 0), never)[1]
    [{'stage': 'blind', 'layers': []}, {'stage': 'context', 'layers': ['setting']}]
    """
    first, without = chance.random() < shares[0], chance.random() < shares[1]
    in_context = CONTEXT in stages and bool(layers)
    if in_context and first:
        return CONTEXT_FIRST, [{"stage": CONTEXT, "layers": list(layers)}]
    steps: list[Step] = [{"stage": BLIND, "layers": []}]
    if in_context:
        shown = [list(layers[: n + 1]) for n in range(len(layers))]
        steps += [{"stage": CONTEXT, "layers": so_far} for so_far in shown]
    if ASSISTED not in stages or not suggestion:
        return BLIND_FIRST, steps
    if without:
        return UNASSISTED, steps
    last = {"stage": ASSISTED, "layers": steps[-1]["layers"], "suggestion": dict(suggestion)}
    return BLIND_FIRST, [*steps, last]
