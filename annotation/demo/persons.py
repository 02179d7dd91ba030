"""What an invented person is: looks, voice and a manner of showing feelings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Looks:
    """Colours as #rrggbb; widths and lengths relative to an average face."""

    skin: str
    hair: str
    style: str
    iris: str
    top: str
    backdrop: str
    width: float = 1.0
    jaw: float = 1.0
    brows: float = 1.0
    lips: float = 1.0
    nose: float = 1.0
    extras: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manner:
    """How a person shows feelings: strength, lopsidedness, resting face, pitch of voice (Hz).

    `rest` is added to the mouth's corners, `brow_rest` to the furrow; some look stern when calm.
    """

    gain: float
    lopsided: float
    rest: float
    brow_rest: float
    pitch: float


@dataclass(frozen=True)
class Person:
    """A participant of the demo; `code` is the pseudonym that stands in every table."""

    code: str
    age_band: str
    sex: str
    looks: Looks
    manner: Manner
