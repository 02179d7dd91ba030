"""Still pictures, by Pillow: upright, sRGB, without metadata, in what every browser shows."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

from annotation.media.errors import UnreadableMedia
from annotation.media.limits import Limits

POSTER_SIDE = 480
_SMALL = 256
_LOSSLESS = {"PNG", "BMP", "TIFF", "GIF"}


def load(source: Path, reader: str, limits: Limits) -> Image.Image:
    """Return the picture in `source`, decoded to its end, upright, mode L, RGB or RGBA."""
    with Image.open(source, formats=[reader]) as image:
        if image.width * image.height > limits.pixels:
            raise UnreadableMedia(
                "{width} x {height} pixels are more than the {most} million allowed. "
                "Scale the picture down.",
                width=image.width,
                height=image.height,
                most=limits.pixels / 1e6,
            )
        if getattr(image, "n_frames", 1) > 1:
            raise UnreadableMedia(
                "The picture has several frames. Convert it to .mp4, or save one frame."
            )
        image.load()
        return _plain(ImageOps.exif_transpose(image))


def write(image: Image.Image, folder: Path, reader: str) -> tuple[Path, str]:
    """Write `image` for the browser; return the file and its MIME type.

    JPEG, except PNG where there is transparency or the source was small and lossless.
    """
    small = reader in _LOSSLESS and max(image.size) <= _SMALL
    if image.mode == "RGBA" or small:
        path = folder / "media.png"
        image.save(path, "PNG", optimize=True)
        return path, "image/png"
    path = folder / "media.jpg"
    image.save(path, "JPEG", quality=92, subsampling=0, optimize=True)
    return path, "image/jpeg"


def write_poster(image: Image.Image, folder: Path) -> Path:
    """Write a JPEG of at most 480 pixels a side, transparency on white."""
    fitted = fit(image, POSTER_SIDE)
    if fitted.mode == "RGBA":
        paper = Image.new("RGBA", fitted.size, "white")
        fitted = Image.alpha_composite(paper, fitted).convert("RGB")
    path = folder / "poster.jpg"
    fitted.save(path, "JPEG", quality=85, optimize=True)
    return path


def fit(image: Image.Image, side: int) -> Image.Image:
    """Return `image`, scaled down where a side exceeds `side` pixels."""
    if max(image.size) <= side:
        return image
    return ImageOps.contain(image, (side, side), Image.Resampling.LANCZOS)


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone: 8 bits, sRGB, nothing in `info` that a save would carry over."""
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image)
    image = _to_srgb(image)
    transparent = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if transparent else "L" if image.mode in {"1", "L"} else "RGB"
    plain = image.convert(mode)
    plain.info = {}
    return plain


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale a picture of 16 or 32 bits a pixel so that its own range fills 0 to 255."""
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all():
        raise UnreadableMedia(
            "The picture has pixels without a value. Save it with 8 bits a pixel."
        )
    if image.mode.startswith("I") and low >= 0 and high <= 0xFFFF:
        low, high = 0.0, 65535.0 if high > 0xFF else 255.0
    span = (high - low) or 1.0
    return Image.fromarray(((values - low) / span * 255).round().astype(np.uint8))


def _to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, srgb, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError):
        return image  # A broken colour profile does not spoil the picture.
