"""Incoming files, made safe and playable: probe, normalise, poster, waveform, hash. No Django."""

from annotation.media.errors import EncoderMissing, UnreadableMedia
from annotation.media.formats import EXTENSIONS
from annotation.media.limits import Limits
from annotation.media.normalising import normalise, probe
from annotation.media.results import Media, Probe

__all__ = [
    "EXTENSIONS",
    "EncoderMissing",
    "Limits",
    "Media",
    "Probe",
    "UnreadableMedia",
    "normalise",
    "probe",
]
