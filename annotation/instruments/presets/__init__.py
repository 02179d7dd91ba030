"""Published vocabularies, ready to be asked for: `preset: ekman` stands for its options."""

from __future__ import annotations

from annotation.instruments.presets import emotionml
from annotation.instruments.presets.preset import Preset, options
from annotation.instruments.presets.wheels import WHEELS

PRESETS = {
    "ekman": Preset(
        "Six basic emotions and neutral",
        "Ekman (1992), An argument for basic emotions",
        options("anger disgust fear happiness sadness surprise neutral"),
    ),
    "ekman-contempt": Preset(
        "Seven basic emotions and neutral, as in AffectNet",
        "Ekman & Friesen (1986), A new pan-cultural facial expression of emotion; "
        "Mollahosseini, Hasani & Mahoor (2019), AffectNet",
        options("neutral happiness sadness surprise fear disgust anger contempt"),
    ),
    **WHEELS,
    "goemotions": Preset(
        "GoEmotions: 27 emotions and neutral",
        "Demszky et al. (2020), GoEmotions: a dataset of fine-grained emotions",
        options(
            "admiration amusement anger annoyance approval caring confusion curiosity desire "
            "disappointment disapproval disgust embarrassment excitement fear gratitude grief joy "
            "love nervousness optimism pride realization relief remorse sadness surprise neutral"
        ),
    ),
    **emotionml.CATEGORIES,
}
DIMENSIONS = emotionml.DIMENSIONS

__all__ = ["DIMENSIONS", "PRESETS", "Preset"]
