"""Schemes to start from on the launch page: the field's common designs, ready to be asked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation.models import Perspective

CHOICE, OWN = "choice", "own"
TITLES = {
    CHOICE: gettext_lazy("One answer out of several, my own list"),
    "intensity": gettext_lazy("Several emotions, each with its intensity"),
    "two": gettext_lazy("A main and a second emotion"),
    "mixture": gettext_lazy("A mixture: 100 points shared out"),
    "wheel": gettext_lazy("The Geneva emotion wheel"),
    "dimensions": gettext_lazy("Valence, arousal and dominance, with figures"),
    "sliders": gettext_lazy("Valence and arousal as sliders"),
    "grid": gettext_lazy("The affect grid: one touch for both"),
    "segments": gettext_lazy("Stretches of time, each with an emotion"),
    "trace": gettext_lazy("A continuous trace of arousal"),
    "pairs": gettext_lazy("Two clips compared"),
    "best-worst": gettext_lazy("The most and the least of four clips"),
    "alone": gettext_lazy("Wants to be left alone"),
    "rich": gettext_lazy("Emotions, valence and arousal, and a few words"),
    OWN: gettext_lazy("My own questions, as in a campaign file"),
}
CHOICES = list(TITLES.items())


def perspective(design: str) -> str:
    """Return whose state, seen by whom, a design asks about."""
    return Perspective.WISH if design == "alone" else Perspective.PERCEIVED


def questions(design: str, prompt: str) -> list[dict[str, Any]]:
    """Return the questions of a design; `prompt` words the first, where the researcher did."""
    first = {"name": "emotion", "prompt": prompt or _("What does the person feel?")}
    affect = {"name": "affect", "prompt": prompt or _("How does the person feel?")}
    extras = ["other", "unclear", "not-enough-context"]
    valence_arousal = ["valence", "arousal"]
    graded = {**first, "instrument": "graded-choices", "preset": "ekman"}
    sliders = {
        **affect,
        "instrument": "dimensions",
        "dimensions": valence_arousal,
        "scale": "slider",
    }
    asked: dict[str, list[dict[str, Any]]] = {
        "intensity": [graded],
        "two": [{**first, "instrument": "primary-secondary", "preset": "ekman", "extras": extras}],
        "mixture": [{**first, "instrument": "distribution", "preset": "ekman"}],
        "wheel": [{**first, "instrument": "emotion-wheel"}],
        "dimensions": [{**affect, "instrument": "dimensions", "points": 9}],
        "sliders": [sliders],
        "grid": [{**affect, "instrument": "affect-grid"}],
        "segments": [{**first, "instrument": "segments", "preset": "ekman"}],
        "trace": [{**affect, "instrument": "trace", "dimension": "arousal"}],
        "pairs": [{**affect, "instrument": "pairwise", "prompt": prompt or _("Who feels better?")}],
        "best-worst": [
            {**affect, "instrument": "best-worst", "prompt": prompt or _("Who feels best?")}
        ],
        "alone": [
            {
                "name": "alone",
                "instrument": "wish",
                "prompt": prompt or _("Would the person rather be left alone now?"),
            }
        ],
        "rich": [
            graded,
            {**sliders, "prompt": _("How pleasant, and how lively?")},
            {"name": "words", "instrument": "free-text", "prompt": _("In your own words?")},
        ],
    }
    return asked[design]
