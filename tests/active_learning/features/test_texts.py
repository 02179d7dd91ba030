"""Transcripts as vectors."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from active_learning.features.texts import TEXT_DIMENSION, text_hash, text_vector

STYLE = TEXT_DIMENSION - 11


@given(st.text(max_size=200), st.floats(0, 100))
def test_any_text_gives_a_finite_vector(said: str, seconds: float) -> None:
    vector = text_vector(said, seconds)

    assert vector.shape == (TEXT_DIMENSION,)
    assert vector.dtype == np.float32
    assert np.isfinite(vector).all()


def test_the_same_text_gives_the_same_bytes() -> None:
    said = "I never said that!"

    assert text_vector(said, 1.0).tobytes() == text_vector(said, 1.0).tobytes()


def test_an_empty_text_is_all_zeros() -> None:
    assert not text_vector(" \n", 3.0).any()


def test_texts_that_share_words_are_nearer_than_those_that_share_none() -> None:
    angry, also, calm = (
        text_vector(said, 0.0)[:STYLE]
        for said in ("leave me alone now", "now leave me be", "what lovely weather")
    )

    assert angry @ also > angry @ calm


def test_the_speaking_rate_is_words_a_second() -> None:
    assert text_vector("one two three four", 2.0)[-1] == 2.0
    assert text_vector("one two three four", 0.0)[-1] == 0.0


def test_marks_are_counted_by_the_word() -> None:
    exclaimed, asked = text_vector("stop it! now!", 0.0)[STYLE + 6 : STYLE + 8]

    assert np.isclose(exclaimed, 2 / 3)
    assert asked == 0


def test_another_length_of_speech_is_another_content() -> None:
    assert text_hash("yes", 1.0) != text_hash("yes", 2.0)
