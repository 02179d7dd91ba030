"""Drawing and voicing: files that our own importer takes, faces and voices that differ."""

from pathlib import Path

import numpy as np
import pytest
from PIL import ImageChops

from annotation.demo import PERSONS, Person, demo_clips, render
from annotation.demo.emotions import OPTIONS, PROFILES, envelope
from annotation.demo.expression import expression
from annotation.demo.film import utterance
from annotation.demo.motion import movements
from annotation.demo.portrait import draw_portrait
from annotation.demo.voice import CONTROL, RATE, speak
from annotation.media import normalise


def test_a_rendered_clip_is_a_film_with_sound_that_the_importer_takes(tmp_path: Path) -> None:
    clip = demo_clips(1)[0]
    render(clip, tmp_path / "clip.mp4")

    media = normalise(tmp_path / "clip.mp4", tmp_path / "out")

    assert (media.kind, media.width, media.height, media.fps) == ("video", 320, 320, 15.0)
    assert media.duration == pytest.approx(clip.duration, abs=0.1)
    assert media.has_audio
    assert max(media.waveform) > 0.1


def test_the_same_clip_gives_the_same_bytes(tmp_path: Path) -> None:
    clip = demo_clips(3)[2]

    render(clip, tmp_path / "one.mp4")
    render(clip, tmp_path / "two.mp4")

    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


@pytest.mark.parametrize("person", PERSONS, ids=lambda person: person.code)
def test_every_person_shows_every_feeling_visibly(person: Person) -> None:
    faces = {
        emotion: draw_portrait(person.looks, expression(PROFILES[emotion], person.manner))
        for emotion in OPTIONS
    }

    for emotion in set(OPTIONS) - {"calm"}:
        changed = np.asarray(ImageChops.difference(faces[emotion], faces["calm"])).max(axis=2) > 24
        assert changed.mean() > 0.01, emotion


def test_a_feeling_rises_to_its_full_strength_and_fades() -> None:
    course = envelope(np.array([0.0, 0.5, 1.0, 1.5, 3.0]), onset=0.2, apex=0.8, offset=2.0)

    assert course == pytest.approx([0, 0.5, 1, 1, 0.2])


def test_the_lips_open_with_the_voice() -> None:
    clip = demo_clips(1)[0]
    manner = PERSONS[0].manner

    silent = movements(clip, manner, 15, np.zeros(10))
    speaking = movements(clip, manner, 15, np.ones(10))

    assert all(b.open > a.open for a, b in zip(silent, speaking, strict=True))


def test_every_clip_has_a_blink() -> None:
    for clip in demo_clips(12):
        faces = movements(clip, PERSONS[0].manner, 15, np.zeros(10))
        assert max(face.blink for face in faces) > 0.5


def fundamental(samples: np.ndarray) -> float:
    """The lag of the largest autocorrelation between 60 and 500 Hz, as a frequency."""
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4]
    spectrum = np.abs(np.fft.rfft(middle, 2 * len(middle))) ** 2
    correlation = np.fft.irfft(spectrum)
    shortest, longest = RATE // 500, RATE // 60
    return RATE / (shortest + int(np.argmax(correlation[shortest:longest])))


def test_a_voice_has_its_persons_pitch() -> None:
    low = speak(2.5, 110, 0, 0, np.random.default_rng(1)).samples
    high = speak(2.5, 220, 0, 0, np.random.default_rng(1)).samples

    assert 85 < fundamental(low) < 135
    assert 170 < fundamental(high) < 270


def test_an_aroused_voice_is_louder_and_faster() -> None:
    calm = [speak(2.5, 150, -0.8, 0, np.random.default_rng(k)) for k in range(5)]
    excited = [speak(2.5, 150, 0.8, 0, np.random.default_rng(k)) for k in range(5)]

    def peaks(curve: np.ndarray) -> int:
        return int(np.sum((curve[1:-1] > curve[:-2]) & (curve[1:-1] >= curve[2:])))

    loud = [np.mean([sound.samples.std() for sound in group]) for group in (calm, excited)]
    fast = [np.mean([peaks(sound.loudness) for sound in group]) for group in (calm, excited)]
    assert loud[1] > 1.5 * loud[0]
    assert fast[1] > 1.5 * fast[0]


def test_a_voice_never_clips_and_lasts_as_long_as_its_clip() -> None:
    for clip in demo_clips(12):
        sound = utterance(clip)
        assert len(sound.samples) == int(clip.duration * CONTROL) * RATE // CONTROL
        assert np.abs(sound.samples).max() < 1
