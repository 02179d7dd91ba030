"""The demo's collection: who feels what in which clip, and how people would read it."""

import hashlib
from dataclasses import dataclass

import numpy as np

from annotation.demo.cast import PERSONS
from annotation.demo.emotions import OPTIONS

Distribution = tuple[float, ...]
_BLENDS = (
    ("bittersweet", "joy", "sadness", "The last evening before the best friend moves away."),
    ("nervous laughter", "joy", "fear", "Waiting in the wings, a minute before the speech."),
    ("startled delight", "surprise", "joy", "The lights go on: everybody shouts happy birthday."),
    ("indignation", "anger", "disgust", "Reading that the river was used as a dump."),
    ("alarm", "surprise", "fear", "A loud bang in the stairwell at night."),
    ("hurt", "sadness", "anger", "The letter that was promised has not come again."),
    ("wistful", "calm", "sadness", "Looking through the photographs of an old flat."),
    ("relief", "calm", "joy", "The test results are in, and all is well."),
)
_PLAIN = {
    "joy": ("A joke told by an old friend.", "The team has just scored."),
    "sadness": ("The dog was given away today.", "Saying goodbye at the station."),
    "anger": ("Somebody has scratched the new bicycle.", "Interrupted for the third time."),
    "fear": ("The lift has stopped between two floors.", "Footsteps behind, on an empty road."),
    "surprise": ("An old schoolmate stands at the door.", "The parcel holds something else."),
    "disgust": ("The milk in the coffee has turned.", "Cleaning out the drain."),
    "calm": ("A Sunday afternoon on the balcony.", "Listening to the rain."),
}
# A face that says one thing until one knows the occasion: what shows, what is meant, the occasion.
_RIDDLES = (
    ("sadness", "joy", "She has just heard that she won the prize."),
    ("surprise", "anger", "He hears that his savings were spent without a word to him."),
    ("joy", "fear", "The smile for the guard who asks for the missing papers."),
    ("calm", "sadness", "The first quiet hour after the funeral."),
    ("joy", "anger", "Thanking the colleague who took the credit."),
    ("fear", "joy", "At the top of the roller coaster, by choice."),
)
_NEIGHBOURS = {
    "joy": "calm",
    "sadness": "calm",
    "anger": "disgust",
    "fear": "surprise",
    "surprise": "fear",
    "disgust": "anger",
    "calm": "sadness",
}


@dataclass(frozen=True)
class DemoClip:
    """One clip before it is drawn.

    `distribution` is how people who know `context` read it, `blind` how they read the clip
    alone; both over `OPTIONS`, adding up to 1. `shown` are the feelings drawn, with strengths.
    """

    external_id: str
    person: str
    kind: str
    shown: tuple[tuple[str, float], ...]
    context: str
    distribution: Distribution
    blind: Distribution
    duration: float
    seed: int


def demo_clips(n: int = 60, seed: int = 2026) -> list[DemoClip]:
    """Return `n` clips, the same for the same seed: plain feelings, blends and riddles.

    >>> clip = demo_clips(1)[0]
    >>> (clip.external_id, round(sum(clip.distribution), 6))
    ('demo-001', 1.0)
    """
    rng = np.random.default_rng(seed)
    order = [index % len(PERSONS) for index in range(n)]
    kinds = rng.permutation(["plain", "blend", "plain", "riddle", "plain", "blend"] * (n // 6 + 1))
    return [_clip(i, PERSONS[order[i]].code, str(kinds[i]), rng) for i in range(n)]


def _clip(index: int, person: str, kind: str, rng: np.random.Generator) -> DemoClip:
    strength = float(rng.choice([0.45, 0.7, 1.0]))
    if kind == "plain":
        shown, meant, context = _plain(index, strength, rng)
    elif kind == "blend":
        shown, meant, context = _blend(strength, rng)
    else:
        shown, meant, context = _riddle(strength, rng)
    blind = _reading(dict(shown))
    informed = blind if meant == dict(shown) else _mixed(blind, _reading(meant), 0.75)
    digest = hashlib.sha256(f"{index} {person} {shown} {context}".encode()).digest()
    return DemoClip(
        external_id=f"demo-{index + 1:03d}",
        person=person,
        kind=kind,
        shown=shown,
        context=context,
        distribution=informed,
        blind=blind,
        duration=round(float(rng.uniform(2.1, 2.9)), 1),
        seed=int.from_bytes(digest[:6], "big"),
    )


_Story = tuple[tuple[tuple[str, float], ...], dict[str, float], str]


def _plain(index: int, strength: float, rng: np.random.Generator) -> _Story:
    emotion = OPTIONS[(index + int(rng.integers(2))) % len(OPTIONS)]
    context = str(rng.choice(_PLAIN[emotion]))
    return ((emotion, strength),), {emotion: strength}, context


def _blend(strength: float, rng: np.random.Generator) -> _Story:
    _, first, second, context = _BLENDS[int(rng.integers(len(_BLENDS)))]
    share = float(rng.choice([0.4, 0.5, 0.6]))
    parts = {first: 1.5 * strength * share, second: 1.5 * strength * (1 - share)}
    return tuple((name, round(part, 3)) for name, part in parts.items()), _rounded(parts), context


def _riddle(strength: float, rng: np.random.Generator) -> _Story:
    shows, means, context = _RIDDLES[int(rng.integers(len(_RIDDLES)))]
    return ((shows, round(0.7 * strength, 3)),), {means: 1.0}, context


def _rounded(parts: dict[str, float]) -> dict[str, float]:
    return {name: round(part, 3) for name, part in parts.items()}


def _reading(parts: dict[str, float]) -> Distribution:
    """How people read feelings of the given strengths: faint ones as calm, all with neighbours."""
    weights = dict.fromkeys(OPTIONS, 0.02)
    for emotion, strength in parts.items():
        weights[emotion] += strength
        weights[_NEIGHBOURS[emotion]] += 0.14 * strength
    weights["calm"] += 0.45 * max(0.0, 1 - sum(parts.values()))
    total = sum(weights.values())
    shares = [round(weights[name] / total, 6) for name in OPTIONS[:-1]]
    return (*shares, round(1 - sum(shares), 6))


def _mixed(one: Distribution, other: Distribution, share: float) -> Distribution:
    return tuple(round(a + (b - a) * share, 6) for a, b in zip(one, other, strict=True))
