"""The model card of a round (Mitchell et al. 2019, "Model Cards for Model Reporting").

Everything in it comes from the round's row and the campaign; people appear as numbers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from active_learning import telling
from active_learning.models import Round
from active_learning.slice_limits import LEAST_CLIPS, LEAST_PERSONS
from annotation.models import Learner, Strategy
from consent.models import Purpose

FEW_CLIPS = 100
WIDE = 0.15


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table whose first row is its head."""

    title: str
    sentences: list[str] = field(default_factory=list)
    table: list[list[str]] = field(default_factory=list)

    @property
    def head(self) -> list[str]:
        return self.table[0] if self.table else []

    @property
    def body(self) -> list[list[str]]:
        return self.table[1:]


def markdown(row: Round) -> str:
    """Return the whole card as one Markdown document."""
    title = _("Model card: %(campaign)s, round %(n)s") % {
        "campaign": row.campaign.name, "n": row.number,
    }  # fmt: skip
    parts = [f"# {escaped(title)}", *(_in_markdown(section) for section in sections(row))]
    return "\n\n".join(parts) + "\n"


def sections(row: Round) -> list[Section]:
    parts: Sequence[Callable[[Round], Section]] = (
        _model, _intended, _data, _figures, _slices, _calibration, _limits, _versions,
    )  # fmt: skip
    return [part(row) for part in parts]


def _in_markdown(section: Section) -> str:
    parts = [f"## {escaped(section.title)}"]
    parts += ["\n".join(f"- {escaped(sentence)}" for sentence in section.sentences)]
    if section.table:
        lines = ["| " + " | ".join(map(escaped, cells)) + " |" for cells in section.table]
        lines.insert(1, "|" + " --- |" * len(section.head))
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part)


def escaped(text: str) -> str:
    """Return text that Markdown reads as nothing but text: names are anybody's words.

    >>> escaped("*a* | <b>")
    '\\\\*a\\\\* \\\\| &lt;b&gt;'
    """
    plain = " ".join(text.split()).replace("\\", "\\\\")
    for mark in "`*_|[]#":
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("<", "&lt;").replace(">", "&gt;")


def _model(row: Round) -> Section:
    learner, strategy = row.campaign.learner, row.campaign.strategy
    kind = row.manifest.get("learner", "")
    sentences = [
        _("Learner: %(name)s (%(kind)s).") % {"name": Learner(learner).label, "kind": kind},
        _("Clips to be asked about first: %(name)s.") % {"name": Strategy(strategy).label},
        _("It predicts the distribution of answers over: %(classes)s.")
        % {"classes": ", ".join(row.manifest.get("classes", []))},
    ]
    if row.finished_at:
        sentences.append(_("Finished on %(date)s.") % {"date": date_format(row.finished_at)})
    if not row.learner:
        sentences.append(_("No learner was made: the labels did not tell two classes apart yet."))
    return Section(_("The learner"), sentences)


def _intended(row: Round) -> Section:
    return Section(
        _("What it is for, and what it must not be used for"),
        [
            _("It is made to choose which clips of this campaign people are asked about next."),
            _(
                "It predicts how people would answer about a clip. It does not know what the "
                "person in the clip feels."
            ),
            _(
                "It must not be used to infer emotions of people at work or in education: "
                "Article 5(1)(f) of the EU AI Act forbids it. That holds for annotators, too."
            ),
            _(
                "Any other use to recognise emotions is high risk under Annex III of the EU AI "
                "Act, and people who are exposed to it have to be told (Article 50(3)). None is "
                "intended."
            ),
            _("No decision about a person may rest on it."),
        ],
    )


def _data(row: Round) -> Section:
    manifest = row.manifest
    purpose = dict(Purpose.choices).get(manifest.get("purpose", ""), "")
    counted = {
        "labels": _n(row.n_labels),
        "clips": _n(manifest.get("n_training", 0)),
        "annotators": _n(_annotators(row)),
    }
    sentences = [
        _("It learned from %(labels)s labels on %(clips)s clips.") % counted,
        _("%(annotators)s annotators had labelled in the campaign by then.") % counted,
        _("Everybody in the clips had consented to this purpose when the round ran: %(purpose)s.")
        % {"purpose": purpose},
        _("A label weighs as much as its annotator’s attention is borne out; dissent costs none."),
    ]
    if apart := manifest.get("n_held_out"):
        sentences.append(
            _("%(n)s labelled clips of people kept apart took no part in learning.")
            % {"n": _n(apart)}
        )
    if missing := len(row.metrics.get("unreadable", [])):
        told = ngettext("%(n)s clip could not be read.", "%(n)s clips could not be read.", missing)
        sentences.append(told % {"n": _n(missing)})
    return Section(_("What it learned from"), sentences)


def _annotators(row: Round) -> int:
    labels = row.campaign.labels.standing().filter(pk__lte=row.last_label_id)
    return labels.order_by().values("annotator").distinct().count()


def _figures(row: Round) -> Section:
    names = {
        "test": _("People kept apart"),
        "crossed": _("Cross-fitted by person"),
        "foretold": _("Foretold, then labelled"),
        "lure": _("The whole pool, from chosen clips"),
    }
    sources, rows = telling.table(row)
    if not rows:
        return Section(_("How good it is"), [_("Nothing could be measured yet.")])
    table = [[_("Measure"), *(names[source] for source in sources)]]
    table += [[told.name, *(_cell(figure) for figure in told.figures)] for told in rows]
    sentences = [_("In brackets the 95 % interval over people, and the number of clips.")]
    if picked := telling.picking(row):
        sentences.append(picked)
    return Section(_("How good it is"), sentences, table)


def _cell(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "–"
    value, n = telling.rounded(figure["value"]), _n(figure["n"])
    if figure["low"] is None:
        return f"{value} ({n})"
    return f"{value} ({telling.rounded(figure['low'])} – {telling.rounded(figure['high'])}; {n})"


def _slices(row: Round) -> Section:
    rows = [
        [
            str(group["name"]),
            part.name,
            _n(part.figures["n"]),
            _n(part.figures["n_persons"]),
            _cell(part.figures["accuracy"]),
            _cell(part.figures["log_loss"]),
        ]
        for group in telling.parts(row)
        for part in group["rows"]
        if part.span
    ]
    if not rows:
        return Section(_("By part"), [_("No part of the clips is large enough for a figure.")])
    head = [_("By"), _("Part"), _("Clips"), _("People"), _("Accuracy"), _("Log-loss")]
    return Section(_("By part"), [_("Cross-fitted, on clips picked by chance.")], [head, *rows])


def _calibration(row: Round) -> Section:
    bins = [one for one in row.metrics.get("calibration", []) if one["n"]]
    if not bins:
        return Section(_("How sure it is"), [_("Nothing could be measured yet.")])
    head = [_("How sure"), _("Clips"), _("Sure on average"), _("People who agree")]
    rows = [
        [
            f"{one['from']:.0%} – {one['to']:.0%}",
            _n(one["n"]),
            f"{one['confidence']:.0%}",
            _share(one),
        ]
        for one in bins
    ]
    return Section(_("How sure it is"), [], [head, *rows])


def _share(one: dict[str, Any]) -> str:
    if one["low"] is None:
        return f"{one['share']:.0%}"
    return f"{one['share']:.0%} ({one['low']:.0%} – {one['high']:.0%})"


def _limits(row: Round) -> Section:
    return Section(_("Limits"), list(_limits_of(row)))


def _limits_of(row: Round) -> Iterator[str]:
    """Yield what the figures themselves say they cannot bear."""
    metrics = row.metrics
    if cold := metrics.get("cold_start"):
        yield _("The learner does not choose yet: %(why)s") % {"why": cold}
    if why := metrics.get("test_why"):
        yield _("No figure rests on people whom no round learned from: %(why)s") % {"why": why}
    accuracy = telling.best(row).get("accuracy") or {}
    if accuracy.get("value") is not None:
        yield from _limits_of_figure(accuracy)
    for group in telling.parts(row):
        for part in group["rows"]:
            if not part.span:
                yield _("No figure for %(by)s, %(name)s: %(clips)s clips of %(people)s people.") % {
                    "by": group["name"],
                    "name": part.name,
                    "clips": _n(part.figures["n"]),
                    "people": _n(part.figures["n_persons"]),
                }
    yield _(
        "A part needs %(clips)s clips and %(people)s people. What is not asked of the clips, such "
        "as where people come from, is not told apart here and may differ."
    ) % {"clips": LEAST_CLIPS, "people": LEAST_PERSONS}
    yield _("The figures hold for clips like those of this collection, and for no others.")


def _limits_of_figure(accuracy: dict[str, Any]) -> Iterator[str]:
    if accuracy["low"] is None:
        yield _("All that judges it is one person: there is no interval.")
    elif accuracy["high"] - accuracy["low"] > WIDE:
        yield _("The interval of the accuracy is wide: %(points)s points.") % {
            "points": telling.points(accuracy["high"] - accuracy["low"])
        }
    if accuracy["n"] < FEW_CLIPS:
        yield _("%(n)s clips judge it, which is few.") % {"n": _n(accuracy["n"])}


def _versions(row: Round) -> Section:
    manifest = row.manifest
    told = {
        _("Seed"): str(row.seed),
        _("Features"): ", ".join(map(str, (manifest.get("extractors") or {}).values())),
        _("SHA-256 of the learner"): row.learner_sha256,
        _("SHA-256 of labels and weights"): (manifest.get("snapshot") or {}).get("sha256", ""),
        _("SHA-256 of the consensus"): (manifest.get("consensus") or {}).get("sha256", ""),
        _("SHA-256 of predictions and batch"): row.output_sha256,
        **{name: str(version) for name, version in (manifest.get("versions") or {}).items()},
    }
    rows = [[name, value] for name, value in told.items() if value]
    sentences = [_("The round can be repeated from these, bit for bit.")]
    return Section(_("Versions and fingerprints"), sentences, [[_("What"), _("Which")], *rows])


def _n(number: int) -> str:
    return number_format(number, force_grouping=True)
