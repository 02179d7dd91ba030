"""The bytes of a clip over HTTP, for a view that has already asked whether they may be shown.

One range per request (RFC 9110, section 14). A request for several ranges, or in words we do not
understand, gets the whole file, as the RFC allows: players never ask for several. No answer to a
range carries more than 8 MiB, so a long film holds a worker for a moment only and each piece
passes the gate again. Nothing is read into memory whole.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

LONGEST = 8 * 1024 * 1024
_CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)
_SAFE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def serve(
    request: HttpRequest,
    path: Path,
    content_type: str,
    *,
    filename: str,
    accel_prefix: str | None = None,
) -> HttpResponse | FileResponse:
    """Answer GET or HEAD with `path`, or the part of it that the request asks for.

    `filename` is what a browser would save it as; give a fixed one, never the uploader's.
    With `accel_prefix` (say `/protected/`) nginx sends the bytes: `path` must then be relative
    to the folder that its internal location names.
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if accel_prefix is not None:
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = accel_prefix + quote(path.as_posix().lstrip("/"))
        return _guarded(response, filename)
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise Http404("The file of this clip is missing.") from error
    return _guarded(_answer(request, path, size, content_type), filename)


def _answer(
    request: HttpRequest, path: Path, size: int, content_type: str
) -> HttpResponse | FileResponse:
    wanted = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if wanted is None or not any(wanted.groups()):
        return _bytes(request, path, (0, size), content_type, size=None)
    span = _span(wanted[1], wanted[2], size)
    if span[0] >= span[1]:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    return _bytes(request, path, span, content_type, size=size)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """Return where the bytes begin and end (exclusive); an empty span if there are none."""
    if not first:
        begin, end = max(0, size - int(last)), size
    else:
        begin = int(first)
        end = min(size, int(last) + 1) if last else size
    return begin, min(end, begin + LONGEST)


def _bytes(
    request: HttpRequest, path: Path, span: tuple[int, int], content_type: str, *, size: int | None
) -> HttpResponse | FileResponse:
    """Answer with the bytes of `span`: 206 of `size` bytes, or 200 where `size` is None."""
    length = span[1] - span[0]
    response: HttpResponse | FileResponse
    if request.method == "HEAD":
        response = HttpResponse(content_type=content_type)
    elif size is None:
        response = FileResponse(path.open("rb"), content_type=content_type)
    else:
        response = FileResponse(_Part(path.open("rb"), *span), content_type=content_type)
    response["Content-Length"] = str(length)
    if size is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{size}"
    return response


class _Part:
    """A stretch of an open file, read in chunks and closed with the response."""

    def __init__(self, file: BinaryIO, begin: int, end: int) -> None:
        self._file = file
        self._left = end - begin
        file.seek(begin)

    def __iter__(self) -> Iterator[bytes]:
        while self._left and (chunk := self.read(_CHUNK)):
            yield chunk

    def read(self, size: int) -> bytes:
        chunk = self._file.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()


def _guarded(response: HttpResponse | FileResponse, filename: str) -> HttpResponse | FileResponse:
    for name, value in _HEADERS.items():
        response[name] = value
    safe = _SAFE_NAME.sub("_", filename).lstrip(".") or "clip"
    response["Content-Disposition"] = f'inline; filename="{safe}"'
    return response
