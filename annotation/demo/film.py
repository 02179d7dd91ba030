"""A demo clip on disk: drawn, voiced and encoded as MP4."""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from annotation.demo.cast import BY_CODE
from annotation.demo.clips import DemoClip
from annotation.demo.drawing import SIDE
from annotation.demo.emotions import AFFECT
from annotation.demo.motion import movements
from annotation.demo.portrait import draw_portrait
from annotation.demo.voice import RATE, Utterance, speak

FPS = 15


def render(clip: DemoClip, path: Path) -> None:
    """Write `clip` to `path` (.mp4): 320 by 320 pixels, 15 frames a second, mono sound.

    The same clip gives the same bytes. Needs PyAV with libx264.
    """
    sound = utterance(clip)
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as out:
        film = out.add_stream("libx264", rate=Fraction(FPS))
        film.width = film.height = SIDE
        film.pix_fmt = "yuv420p"
        film.codec_context.gop_size = FPS
        film.codec_context.thread_count = 1
        film.codec_context.options = {"preset": "superfast", "crf": "20", "tune": "animation"}
        track = out.add_stream("aac", rate=RATE, layout="mono")
        for number, image in enumerate(frames(clip, sound)):
            frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
            frame.pts = number
            out.mux(film.encode(frame))
        out.mux(film.encode(None))
        out.mux(track.encode(_audio_frame(sound)))
        out.mux(track.encode(None))


def render_all(clips: Sequence[DemoClip], folder: Path, workers: int | None = None) -> list[Path]:
    """Write every clip as `folder`/external_id.mp4, on as many processors as there are."""
    paths = [folder / f"{clip.external_id}.mp4" for clip in clips]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=context) as pool:
        list(pool.map(render, clips, paths, chunksize=4))
    return paths


def utterance(clip: DemoClip) -> Utterance:
    """Return the voice of `clip`: its person's pitch, coloured by what is felt."""
    total = sum(strength for _, strength in clip.shown)
    affect = np.array([np.array(AFFECT[name]) * strength for name, strength in clip.shown])
    arousal, valence = affect.sum(axis=0) / max(total, 1.0)
    pitch = BY_CODE[clip.person].manner.pitch
    rng = np.random.default_rng(clip.seed + 1)
    return speak(clip.duration, pitch, float(arousal), float(valence), rng)


def frames(clip: DemoClip, sound: Utterance) -> list[Image.Image]:
    """Return the pictures of `clip`, 15 a second."""
    person = BY_CODE[clip.person]
    faces = movements(clip, person.manner, FPS, sound.loudness)
    breaths = np.sin(2 * np.pi * 0.4 * np.arange(len(faces)) / FPS + clip.seed % 7)
    return [
        draw_portrait(person.looks, face, float(breath))
        for face, breath in zip(faces, breaths, strict=True)
    ]


def _audio_frame(sound: Utterance) -> av.AudioFrame:
    samples = sound.samples.astype(np.float32)[None]
    frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
    frame.sample_rate, frame.pts = RATE, 0
    frame.time_base = Fraction(1, RATE)
    return frame
