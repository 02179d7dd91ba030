"""Transcripts as captions: WebVTT as it came, or plain text as one cue."""

from __future__ import annotations

import re
from html import escape

HEAD = "WEBVTT"
_CUE = re.compile(r"^(?:\d+:)?\d{1,2}:\d{2}\.\d{3}\s+-->\s+(?:\d+:)?\d{1,2}:\d{2}\.\d{3}.*$")
_TIMES = re.compile(
    r"^(?:(\d+):)?(\d{1,2}):(\d{2}\.\d{3})\s+-->\s+(?:(\d+):)?(\d{1,2}):(\d{2}\.\d{3})"
)
_TAG = re.compile(r"<[^>]*>")


def is_timed(transcript: str) -> bool:
    """Return whether the transcript is WebVTT with at least one cue."""
    lines = transcript.lstrip("\ufeff").splitlines()
    return bool(lines) and lines[0].startswith(HEAD) and any(map(_CUE.match, lines))


def captions(transcript: str, duration: float) -> str:
    """Return the transcript as WebVTT; plain text is shown over the whole clip.

    >>> print(captions("Well <b>done</b> --> no", 2.5))
    WEBVTT
    <BLANKLINE>
    00:00:00.000 --> 00:00:02.500
    Well &lt;b&gt;done&lt;/b&gt; --&gt; no
    <BLANKLINE>
    """
    if is_timed(transcript):
        return transcript
    # A cue ends at an empty line.
    lines = [escape(line.strip(), quote=False) for line in transcript.splitlines() if line.strip()]
    return "\n".join([HEAD, "", f"{_clock(0)} --> {_clock(duration)}", *lines, ""])


def plain(transcript: str) -> str:
    """Return what is said, without times and marks.

    >>> plain("WEBVTT\\n\\n1\\n00:00.000 --> 00:01.000\\n<v Ann>Hello\\n")
    'Hello'
    """
    if not is_timed(transcript):
        return transcript
    blocks = re.split(r"\n\s*\n", transcript.replace("\r\n", "\n"))
    return "\n".join(filter(None, map(_said, blocks)))


def spoken_seconds(transcript: str) -> float:
    """Return how long the cues last together, 0.0 of a transcript without times.

    >>> spoken_seconds("WEBVTT\\n\\n00:00.500 --> 00:02.000\\nHello\\n")
    1.5
    """
    if not is_timed(transcript):
        return 0.0
    found = filter(None, map(_TIMES.match, transcript.splitlines()))
    return sum(
        max(0.0, _clock_seconds(*m.groups()[3:]) - _clock_seconds(*m.groups()[:3])) for m in found
    )


def _clock_seconds(hours: str | None, minutes: str, seconds: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)


def _said(block: str) -> str:
    lines = block.splitlines()
    start = next((i for i, line in enumerate(lines) if _CUE.match(line)), None)
    return "" if start is None else _TAG.sub("", " ".join(lines[start + 1 :])).strip()


def _clock(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}.{milliseconds:03}"
