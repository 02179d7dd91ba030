"""Text: hashed words and characters of a transcript, and how it is written and spoken."""

import functools
import hashlib
import re
import unicodedata
from typing import Any

import numpy as np
import numpy.typing as npt

from active_learning.features.extractor import Vector

# Raise it when any number below changes: vectors of two versions never meet.
TEXT_KEY = "transcript-1"
WORD_DIMENSION = 192
CHARACTER_DIMENSION = 192
STYLE_DIMENSION = 11
TEXT_DIMENSION = WORD_DIMENSION + CHARACTER_DIMENSION + STYLE_DIMENSION
LONGEST = 20_000  # Characters; what comes after is not read.
_WORD = re.compile(r"\w+")


def text_vector(said: str, seconds: float) -> Vector:
    """Return the features (TEXT_DIMENSION,) of what is `said` in `seconds` of speech.

    Signed hashing (Weinberger et al. 2009) of words and pairs of words, and of 2 to 4 characters
    inside words, each of length one; no vocabulary is learned, so that a clip's vector never
    depends on other clips. Then counts of style. All zeros of an empty text.

    Args:
        said: any text, in any language.
        seconds: how long its cues last together; 0 where that is not known.
    """
    text = unicodedata.normalize("NFKC", said[:LONGEST])
    if not text.strip():
        return np.zeros(TEXT_DIMENSION, dtype=np.float32)
    hashed = [hasher.transform([text]).toarray()[0] for hasher in _hashers()]
    return np.concatenate([*hashed, _style(text, seconds)]).astype(np.float32)


def text_hash(said: str, seconds: float) -> str:
    """Return the SHA-256 under which the vector of a text is kept."""
    return hashlib.sha256(f"{seconds:.3f} {said}".encode()).hexdigest()


def _style(text: str, seconds: float) -> npt.NDArray[np.float64]:
    """Present flag, length in characters and words (log), length of words, distinct words,
    capitals, exclamation and question marks, pauses written as dots or dashes, commas, and
    words a second."""
    words = _WORD.findall(text.lower())
    n = max(1, len(words))
    capitals = sum(c.isupper() for c in text) / max(1, sum(c.isalpha() for c in text))
    marks = [sum(text.count(mark) for mark in some) / n for some in ("!", "?", "…–—", ",;")]
    marks[2] += text.count("...") / n
    rate = len(words) / seconds if seconds > 0 else 0.0
    length = sum(map(len, words)) / n
    lengths = [np.log1p(len(text)), np.log1p(len(words)), length, len(set(words)) / n]
    return np.array([1.0, *lengths, capitals, *marks, min(rate, 20.0)])


@functools.cache
def _hashers() -> list[Any]:
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415 - slow to import

    return [
        HashingVectorizer(
            n_features=WORD_DIMENSION,
            ngram_range=(1, 2),
            token_pattern=r"(?u)\b\w+\b",  # noqa: S106 - a pattern
        ),
        HashingVectorizer(n_features=CHARACTER_DIMENSION, analyzer="char_wb", ngram_range=(2, 4)),
    ]
