"""What can go wrong with a file that somebody brings."""

from annotation.refusals import Refusal


class UnreadableMedia(Refusal):
    """A file that cannot become a clip; the sentence says why and names the remedy."""


class EncoderMissing(RuntimeError):
    """This PyAV cannot write what browsers play: the operator's matter, not the file's."""


def cut_off() -> UnreadableMedia:
    """Return the refusal for a file that ends too early."""
    return UnreadableMedia(
        "The file is cut off before its end. Copy or export it again from the original."
    )


def damaged(detail: object) -> UnreadableMedia:
    """Return the refusal for a file whose content does not decode."""
    text = " ".join(str(detail).split())[:160]
    return UnreadableMedia(
        "The content is damaged ({detail}). Export it again from the original.", detail=text
    )
