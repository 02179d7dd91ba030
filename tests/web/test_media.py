"""Clips over HTTP: whole, in ranges, behind nginx; never cached, never sniffed."""

from pathlib import Path

import pytest
from django.http import FileResponse, Http404, HttpResponse
from django.test import RequestFactory

from web import media

# A response that is closed ends its request, which looks at the database connection.
pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * 4


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(CONTENT)
    return path


def get(path: Path, asked: str = "", method: str = "GET") -> HttpResponse | FileResponse:
    headers = {"Range": asked} if asked else {}
    request = RequestFactory().generic(method, "/clip", headers=headers)
    return media.serve(request, path, "video/mp4", filename="clip.mp4")


def body(response: HttpResponse | FileResponse) -> bytes:
    content = response.getvalue()
    response.close()
    return bytes(content)


def test_a_request_without_a_range_gets_the_whole_file(clip: Path) -> None:
    response = get(clip)

    assert response.status_code == 200
    assert response["Content-Length"] == "1024"
    assert response["Accept-Ranges"] == "bytes"
    assert body(response) == CONTENT


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-", 0, 1024),
        ("bytes=10-19", 10, 20),
        ("bytes=1000-5000", 1000, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=-9999", 0, 1024),
    ],
)
def test_a_range_gets_exactly_its_bytes(clip: Path, asked: str, begin: int, end: int) -> None:
    response = get(clip, asked)

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {begin}-{end - 1}/1024"
    assert response["Content-Length"] == str(end - begin)
    assert body(response) == CONTENT[begin:end]


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=20-10", "bytes=-0"])
def test_a_range_with_no_bytes_is_refused_with_the_size(clip: Path, asked: str) -> None:
    response = get(clip, asked)

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=-", "lines=1-2", "bytes=a-b", f"bytes={'9' * 5000}-"]
)
def test_a_range_it_does_not_understand_is_ignored(clip: Path, asked: str) -> None:
    response = get(clip, asked)

    assert response.status_code == 200
    assert body(response) == CONTENT


def test_no_range_is_answered_with_more_than_the_longest_piece(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "LONGEST", 100)

    response = get(clip, "bytes=50-")

    assert response["Content-Range"] == "bytes 50-149/1024"
    assert body(response) == CONTENT[50:150]


def test_head_tells_the_length_and_sends_nothing(clip: Path) -> None:
    response = get(clip, "bytes=10-19", method="HEAD")

    assert response.status_code == 206
    assert response["Content-Length"] == "10"
    assert body(response) == b""


def test_every_answer_is_guarded(clip: Path) -> None:
    response = get(clip)
    response.close()

    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Content-Disposition"] == 'inline; filename="clip.mp4"'


def test_a_filename_cannot_break_out_of_its_header(clip: Path) -> None:
    request = RequestFactory().get("/clip")

    response = media.serve(request, clip, "video/mp4", filename='../a"b\r\nX: 1.mp4')
    response.close()

    assert response["Content-Disposition"] == 'inline; filename="_a_b_X_1.mp4"'


def test_behind_nginx_the_bytes_are_left_to_it() -> None:
    request = RequestFactory().get("/clip")

    response = media.serve(
        request, Path("ab/a clip.mp4"), "video/mp4", filename="c.mp4", accel_prefix="/protected/"
    )

    assert response["X-Accel-Redirect"] == "/protected/ab/a%20clip.mp4"
    assert response["Content-Type"] == "video/mp4"
    assert body(response) == b""


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(Http404):
        get(tmp_path / "gone.mp4")


def test_nothing_but_get_and_head_is_answered(clip: Path) -> None:
    assert get(clip, method="POST").status_code == 405
