"""What can go wrong with a file that somebody brings."""


class UnreadableMedia(ValueError):
    """A file that cannot become a clip; `reason` says why and names the remedy."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EncoderMissing(RuntimeError):
    """This PyAV cannot write what browsers play: the operator's matter, not the file's."""


CUT_OFF = "The file is cut off before its end. Copy or export it again from the original."


def damaged(detail: object) -> UnreadableMedia:
    """Return the refusal for a file whose content does not decode."""
    text = " ".join(str(detail).split())[:160]
    return UnreadableMedia(f"The content is damaged ({text}). Export it again from the original.")
