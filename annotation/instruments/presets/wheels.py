"""Vocabularies that are drawn as a wheel, in their order round it."""

from __future__ import annotations

import math

from annotation.instruments.presets.preset import Preset, options

# Clockwise from the top: the four quadrants of valence (right: positive) and control (up: high).
GENEVA_FAMILIES = (
    "interest amusement pride joy pleasure "
    "contentment love admiration relief compassion "
    "sadness guilt regret shame disappointment "
    "fear disgust contempt hate anger"
)

# Clockwise from the top, from the mildest to the strongest form.
PLUTCHIK_INTENSITIES = {
    "joy": ("serenity", "joy", "ecstasy"),
    "trust": ("acceptance", "trust", "admiration"),
    "fear": ("apprehension", "fear", "terror"),
    "surprise": ("distraction", "surprise", "amazement"),
    "sadness": ("pensiveness", "sadness", "grief"),
    "disgust": ("boredom", "disgust", "loathing"),
    "anger": ("annoyance", "anger", "rage"),
    "anticipation": ("interest", "anticipation", "vigilance"),
}


def angle(place: int, n: int) -> float:
    """Return at how many degrees clockwise from the top the option at `place` of `n` stands.

    Options stand on both sides of the axes, so that five of twenty fill a quadrant.

    >>> angle(0, 20), angle(5, 20)
    (9.0, 99.0)
    """
    return (place + 0.5) * 360 / n


def _geneva() -> Preset:
    families = options(GENEVA_FAMILIES)
    placed = []
    for place, family in enumerate(families):
        turn = math.radians(angle(place, len(families)))
        at = {"valence": round(math.sin(turn), 3), "control": round(math.cos(turn), 3)}
        placed.append({**family, **at})
    return Preset(
        "Geneva Emotion Wheel 3.0",
        "Scherer, Shuman, Fontaine & Soriano (2013), The GRID meets the Wheel",
        tuple(placed),
    )


WHEELS = {
    "geneva": _geneva(),
    "plutchik": Preset(
        "Plutchik's eight primary emotions",
        "Plutchik (1980), A general psychoevolutionary theory of emotion",
        options(" ".join(PLUTCHIK_INTENSITIES)),
    ),
}
