"""What alpha is usual: agreement on published corpora, to be read beside one's own, not as a gate.

Only figures whose source is at hand. Alpha is nominal, computed anew from the published votes, to
.001. A question of fact is no measure of a question of feeling: `matched` goes by what is seen or
heard, then by the number of answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

IMAGE, AUDIO, VIDEO = "image", "audio", "video"


@dataclass(frozen=True)
class Anchor:
    """Agreement on one corpus: `shown` names what was shown, `modality` how it is perceived."""

    corpus: str
    shown: str
    modality: str
    n_categories: int
    asked: str
    alpha: float
    source: str


CAO = "Cao et al. (2014), CREMA-D, IEEE Trans. Affective Computing 5(4)"
BARSOUM = "Barsoum et al. (2016), FER+, ICMI"
ZHENG = "Zheng et al. (2017), Truth Inference in Crowdsourcing, VLDB 10(5)"
ACTED = "acted emotion"
ANCHORS = (
    Anchor("CREMA-D", "voice", AUDIO, 6, ACTED, 0.281, CAO),
    Anchor("CREMA-D", "silent face", VIDEO, 6, ACTED, 0.458, CAO),
    Anchor("CREMA-D", "face and voice", VIDEO, 6, ACTED, 0.497, CAO),
    Anchor("FER+", "photographs", IMAGE, 10, "emotion in faces", 0.515, BARSOUM),
    Anchor("CMU faces", "photographs", IMAGE, 4, ACTED, 0.495, ZHENG),
)


def matched(modalities: Sequence[str], n_categories: int) -> list[Anchor]:
    """Return the anchors of these modalities, those nearest in number of categories first.

    >>> [anchor.alpha for anchor in matched(["image"], 5)]
    [0.495, 0.515]
    >>> matched([], 5)
    []
    """
    alike = [anchor for anchor in ANCHORS if anchor.modality in modalities]
    return sorted(alike, key=lambda anchor: abs(anchor.n_categories - n_categories))
