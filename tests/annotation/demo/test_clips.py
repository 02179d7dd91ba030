"""The demo's collection: the same for a seed, varied, and honest about what is ambiguous."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.demo import OPTIONS, PERSONS, demo_clips
from annotation.demo.clips import DemoClip


def entropy(clip: DemoClip) -> float:
    shares = np.array(clip.distribution)
    return float(-(shares * np.log(shares)).sum())


def test_the_same_seed_gives_the_same_clips_and_another_gives_others() -> None:
    assert demo_clips(20, seed=3) == demo_clips(20, seed=3)
    assert demo_clips(20, seed=3) != demo_clips(20, seed=4)


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 80))
@settings(max_examples=30, deadline=None)
def test_every_reading_is_a_distribution_over_the_options(seed: int, n: int) -> None:
    clips = demo_clips(n, seed)

    readings = np.array([[clip.distribution, clip.blind] for clip in clips])

    assert readings.shape == (n, 2, len(OPTIONS))
    assert (readings > 0).all()
    assert np.allclose(readings.sum(axis=2), 1, atol=1e-5)


def test_sixty_clips_hold_every_person_option_and_kind() -> None:
    clips = demo_clips()

    assert {clip.person for clip in clips} == {person.code for person in PERSONS}
    assert {OPTIONS[int(np.argmax(clip.distribution))] for clip in clips} == set(OPTIONS)
    assert {clip.kind for clip in clips} == {"plain", "blend", "riddle"}
    assert len({clip.external_id for clip in clips}) == 60


def test_a_blend_is_less_certain_than_a_plain_feeling() -> None:
    clips = demo_clips(120)

    blends = [entropy(clip) for clip in clips if clip.kind == "blend"]
    clear = [entropy(c) for c in clips if c.kind == "plain" and c.shown[0][1] == 1.0]

    assert np.mean(blends) > 1.3 * np.mean(clear)


def test_the_context_of_a_riddle_changes_the_answer_and_of_others_does_not() -> None:
    clips = demo_clips(120)

    changed = {(clip.kind, np.argmax(clip.blind) != np.argmax(clip.distribution)) for clip in clips}

    assert changed == {("plain", False), ("blend", False), ("riddle", True)}


def test_persons_differ_in_looks_and_in_manner() -> None:
    assert len(PERSONS) == 12
    assert len({person.looks.skin for person in PERSONS}) == 12
    assert len({person.manner for person in PERSONS}) == 12
    assert {person.sex for person in PERSONS} >= {"female", "male"}
    assert len({person.age_band for person in PERSONS}) == pytest.approx(4)
