"""From decoded frames to what every browser plays: a track of picture and a track of sound."""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.container import OutputContainer
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import PictureType

from annotation.media.errors import EncoderMissing
from annotation.media.limits import Limits
from annotation.media.waveform import PeakMeter

SAMPLE_RATE = 48_000
_ENCODERS = ("libx264", "libopenh264", "h264_videotoolbox", "h264_mf")
_USUAL_RATE = Fraction(30)
_TURNS = {
    90: (("transpose", "cclock"),),
    -90: (("transpose", "clock"),),
    180: (("hflip", None), ("vflip", None)),
    -180: (("hflip", None), ("vflip", None)),
}
Step = tuple[str, str | None]


class PictureTrack:
    """H.264, 4:2:0, even sides, upright, constant frame rate, a key frame every second."""

    def __init__(self, out: OutputContainer, size: tuple[int, int], rate: Fraction) -> None:
        self.count = 0
        self.rate = rate
        self._size = size
        self._out = out
        self._graph: Graph | None = None
        self._stream = cast("av.VideoStream", out.add_stream(h264_encoder(), rate=rate))
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.gop_size = max(1, round(rate))
        self._stream.codec_context.thread_count = 1  # The bytes depend on the number of threads.
        self._stream.codec_context.options = {"preset": "veryfast", "crf": "21"}

    def add(self, frame: av.VideoFrame, start: float) -> None:
        """Encode `frame`, of a file whose clock begins at `start` seconds."""
        self._graph = self._graph or self._filters(frame, start)
        self._graph.push(frame)
        self._encode(self._graph)

    def finish(self) -> None:
        """Write what the filters and the encoder still hold."""
        if self._graph is not None:
            self._graph.push(None)
            self._encode(self._graph)
        self._out.mux(self._stream.encode(None))

    def _encode(self, graph: Graph) -> None:
        for frame in _pulled(graph):
            if isinstance(frame, av.VideoFrame):
                frame.pict_type = PictureType.NONE  # Else the source's key frames are repeated.
                self.count += 1
                self._out.mux(self._stream.encode(frame))

    def _filters(self, first: av.VideoFrame, start: float) -> Graph:
        graph = Graph()
        source = graph.add_buffer(
            width=first.width, height=first.height, format=first.format, time_base=first.time_base
        )
        width, height = self._size
        steps: list[Step] = [
            ("setpts", f"PTS-{start:.6f}/TB"),
            ("fps", f"fps={self.rate}:start_time=0"),
            *_TURNS.get(first.rotation, ()),
            ("scale", f"{width}:{height}:flags=bicubic:out_range=tv"),
            ("setsar", "1"),
            ("format", "yuv420p"),
        ]
        return _linked(graph, source, [*steps, ("buffersink", None)])


class SoundTrack:
    """AAC at 48 kHz, mono or stereo, as loud as it came, in step with the picture."""

    def __init__(self, out: OutputContainer, channels: int) -> None:
        self.count = 0
        self.meter = PeakMeter()
        self._out = out
        self._layout = "mono" if channels == 1 else "stereo"
        self._graph: Graph | None = None
        self._stream = out.add_stream("aac", rate=SAMPLE_RATE, layout=self._layout)
        self._stream.codec_context.bit_rate = 96_000 if channels == 1 else 160_000

    def add(self, frame: av.AudioFrame, start: float) -> None:
        """Encode `frame`, of a file whose clock begins at `start` seconds."""
        self._graph = self._graph or self._filters(frame, start)
        self._graph.push(frame)
        self._encode(self._graph)

    def finish(self) -> None:
        """Write what the filters and the encoder still hold."""
        if self._graph is not None:
            self._graph.push(None)
            self._encode(self._graph)
        self._out.mux(self._stream.encode(None))

    def _encode(self, graph: Graph) -> None:
        for frame in _pulled(graph):
            if isinstance(frame, av.AudioFrame):
                self.count += frame.samples
                self.meter.add(frame.to_ndarray().astype(np.float32, copy=False))
                self._out.mux(self._stream.encode(frame))

    def _filters(self, first: av.AudioFrame, start: float) -> Graph:
        graph = Graph()
        source = graph.add_abuffer(
            sample_rate=first.sample_rate,
            format=first.format,
            layout=first.layout,
            time_base=first.time_base,
        )
        steps: list[Step] = [
            ("asetpts", f"PTS-{start:.6f}/TB"),
            ("aresample", f"{SAMPLE_RATE}:async=1:first_pts=0"),
            ("aformat", f"sample_fmts=fltp:channel_layouts={self._layout}"),
            ("asetnsamples", "n=1024:p=0"),
        ]
        return _linked(graph, source, [*steps, ("abuffersink", None)])


def h264_encoder() -> str:
    """Return the best H.264 encoder of this PyAV, libx264 where it is built in."""
    for name in _ENCODERS:
        if name in av.codecs_available:
            return name
    raise EncoderMissing(
        "This PyAV cannot write H.264. Install its binary wheel: "
        "pip install --force-reinstall --only-binary av av"
    )


def frame_rate(stream: av.VideoStream, limits: Limits) -> Fraction:
    """Return the constant rate to write: the source's, unless that is no rate of real pictures."""
    rate = stream.average_rate or stream.guessed_rate
    if rate is None or not 1 <= rate <= 2 * limits.fps:
        return _USUAL_RATE
    return min(rate, Fraction(limits.fps)).limit_denominator(1001)


def displayed_size(first: av.VideoFrame, stream: av.VideoStream, limits: Limits) -> tuple[int, int]:
    """Return width and height as shown: square pixels, upright, even, within the limits."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    width, height = float(first.width * aspect), float(first.height)
    if abs(first.rotation) == 90:
        width, height = height, width
    long, short = max(width, height), min(width, height)
    scale = min(1.0, limits.video_long_side / long, limits.video_short_side / short)
    return _even(width * scale), _even(height * scale)


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def _linked(graph: Graph, source: FilterContext, steps: list[Step]) -> Graph:
    nodes = [source, *(graph.add(name, arguments) for name, arguments in steps)]
    graph.link_nodes(*nodes).configure()
    return graph


def _pulled(graph: Graph) -> Iterator[av.VideoFrame | av.AudioFrame]:
    while True:
        try:
            yield graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
