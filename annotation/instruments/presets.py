"""Published vocabularies, ready to be asked for. `preset: ekman` stands for its options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

EMOTIONML = "http://www.w3.org/TR/emotion-voc/xml#"


@dataclass(frozen=True)
class Preset:
    """A vocabulary: its options as {value, text}, with a uri where the field has one."""

    title: str
    source: str
    options: tuple[dict[str, Any], ...]


def _words(*texts: str) -> tuple[dict[str, Any], ...]:
    return tuple({"value": text.casefold().replace(" ", "-"), "text": text} for text in texts)


PRESETS = {
    "ekman": Preset(
        "Six basic emotions and neutral",
        "Ekman (1992), An argument for basic emotions",
        _words("Anger", "Disgust", "Fear", "Happiness", "Sadness", "Surprise", "Neutral"),
    ),
}
