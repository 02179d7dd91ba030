"""Files that end too early without their decoder noticing."""

from typing import BinaryIO

_EBML_VOID_SIZES = frozenset((1 << 7 * n) - 1 for n in range(1, 9))
_TAIL = 70_000  # An Ogg page has at most 65,307 bytes.


def is_cut_off(file: BinaryIO, size: int, reader: str) -> bool:
    """Return whether `file`, of `size` bytes, ends before the end that its own header declares."""
    file.seek(0)
    head = file.read(4096)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    file.seek(0)
    if reader == "ogg":
        return _ogg_lacks_its_last_page(tail)
    if reader == "mov":
        return _boxes_end(file, size) > size
    declared = {"wav": _riff_end, "avi": _riff_end, "aiff": _aiff_end, "matroska": _matroska_end}
    return reader in declared and declared[reader](head) > size


def _riff_end(head: bytes) -> int:
    """RIFF: a four-byte little-endian length after the tag; all ones or 0 while streaming."""
    length = int.from_bytes(head[4:8], "little")
    return 0 if length == 0xFFFFFFFF else length + 8


def _aiff_end(head: bytes) -> int:
    return int.from_bytes(head[4:8], "big") + 8


def _matroska_end(head: bytes) -> int:
    """Where the Segment ends (RFC 8794, RFC 9559); 0 when a live recorder left it open."""
    header_length, start = _ebml_number(head, 4)
    segment = start + header_length
    if head[segment : segment + 4] != b"\x18\x53\x80\x67":
        return 0
    length, start = _ebml_number(head, segment + 4)
    return 0 if length in _EBML_VOID_SIZES else start + length


def _boxes_end(file: BinaryIO, size: int) -> int:
    """ISO 14496-12: where the last of the top-level boxes ends; leaves `file` at its start."""
    at = 0
    while 0 <= at <= size - 8:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:
            break  # 0 reaches to the end of the file; less is padding after the last box.
        at += length
    file.seek(0)
    return at


def _ebml_number(head: bytes, at: int) -> tuple[int, int]:
    """Read the variable-length number at `at`; return it and the place after it."""
    if at >= len(head) or head[at] == 0:
        return 0, at + 1
    width = 9 - head[at].bit_length()
    value = int.from_bytes(head[at : at + width], "big") & ((1 << 7 * width) - 1)
    return value, at + width


def _ogg_lacks_its_last_page(tail: bytes) -> bool:
    """RFC 3533: the last page carries flag 4 and is as long as its segment table says."""
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) < at + 27:
        return True
    table = tail[at + 27 : at + 27 + tail[at + 26]]
    complete = len(tail) >= at + 27 + tail[at + 26] + sum(table)
    return not (complete and tail[at + 5] & 4)
