"""What a plan says, in words: its advice, its ways, and all that it assumes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from active_learning.models import Plan
from active_learning.planning.difficulty import CORPORA
from active_learning.plans import PILOT
from jobs.models import Job

# What the simulator and a pilot say that they are at; it knows no languages.
STEPS = (
    gettext_noop("Campaigns are simulated."),
    gettext_noop("Other assumptions are tried."),
    gettext_noop("A learner is trained on simulated labels."),
    gettext_noop("The pilot's clips are looked at."),
)


def step(job: Job | None) -> str:
    """Return what a plan's job is at."""
    if job is None or job.message not in STEPS:
        return _("Waiting for a worker.")
    return _(job.message)


def corpora() -> list[tuple[str, str]]:
    """Return the published corpora by name, each with its alpha."""
    names = {
        "crema-d-voice": _("CREMA-D, acted emotion in voices"),
        "crema-d-face": _("CREMA-D, acted emotion in silent faces"),
        "crema-d-both": _("CREMA-D, acted emotion in faces and voices"),
        "ferplus": _("FER+, emotion in photographs of faces"),
        "cmu-faces": _("CMU faces, acted emotion in photographs"),
    }
    return [(name, f"{names[name]} (α {CORPORA[name].anchor.alpha:.2f})") for name in CORPORA]


def way(least: int, most: int | None) -> str:
    """Name a scenario."""
    if most is None:
        return ngettext("%(n)d label each", "%(n)d labels each", least) % {"n": least}
    return _("adaptive, %(least)d to %(most)d") % {"least": least, "most": most}


def ways(plan: Plan) -> str:
    """Name a plan by the ways that it compares."""
    return "; ".join(way(one["least"], one["most"]) for one in plan.question["scenarios"])


def supposed(what: str, value: float) -> str:
    """Name another assumption."""
    if what == "alpha":
        return _("people agree with an alpha of %(alpha)s") % {"alpha": f"{value:.2f}"}
    if not value:
        return _("nobody is careless")
    return _("%(share)s are careless") % {"share": f"{value:.0%}"}


def advice(result: dict[str, Any]) -> str:
    """Return the plan's one sentence, with its evidence."""
    found = result["advice"]
    ways = [way(one["least"], one["most"]) for one in result["scenarios"]]
    told: dict[str, Any] = {"way": ways[found["scenario"]]}
    if found["kind"] == "adaptive":
        told |= {"equal": f"{found['equal']['value']:.1f}", **_percents(found["saved"])}
        return (
            _(
                "Take %(way)s: it names the commonest answer as often as %(equal)s labels of every "
                "clip would, with %(value)s fewer labels (%(low)s to %(high)s)."
            )
            % told
        )
    if found["kind"] == "fixed":
        saved = found["saved"]
        told |= {
            "other": ways[found["of"]],
            "more": f"{max(0.0, -saved['low']):.0%}",
            "fewer": f"{max(0.0, saved['high']):.0%}",
        }
        return (
            _(
                "Take %(way)s: that %(other)s saves labels is not certain here. To find the "
                "commonest answer as often it took up to %(more)s more, and up to %(fewer)s fewer."
            )
            % told
        )
    if found["kind"] == "dearer":
        points = {name: f"{100 * part:.1f}" for name, part in found["gained"].items()}
        told |= {"cheap": ways[found["over"]], "labels": f"{found['labels']:.0%}", **points}
        return (
            _(
                "%(way)s are right about %(value)s clips more in a hundred than %(cheap)s "
                "(%(low)s to %(high)s), for %(labels)s more labels."
            )
            % told
        )
    return _("%(way)s: right about %(value)s of the clips (%(low)s to %(high)s).") % {
        **told,
        **_percents(found["accuracy"]),
    }


def beside(result: dict[str, Any]) -> str:
    """Compare the best adaptive way with the dearest of the others, where there are both."""
    found = result["advice"].get("beside")
    if found is None:
        return ""
    ways = [way(one["least"], one["most"]) for one in result["scenarios"]]
    of = result["advice"]["of"]
    gained = found["gained"]
    told = {
        "way": ways[of],
        "fixed": ways[found["scenario"]],
        "labels": f"{abs(found['labels']):.0%}",
        **{name: f"{100 * part:.1f}" for name, part in gained.items()},
    }
    sentence = (
        _(
            "Beside %(fixed)s, %(way)s takes %(labels)s more labels and finds the commonest answer "
            "of %(value)s more clips in a hundred (%(low)s to %(high)s)."
        )
        if found["labels"] > 0
        else _(
            "Beside %(fixed)s, %(way)s takes %(labels)s fewer labels and finds the commonest "
            "answer of %(value)s more clips in a hundred (%(low)s to %(high)s)."
        )
    )
    return sentence % told


def aside(result: dict[str, Any]) -> str:
    """Return what speaks against adaptive labels, where they were looked at."""
    found = result["advice"]
    if "saved_divergence" not in found or found["saved_divergence"]["value"] > 0:
        return ""
    more = {name: f"{-part:.0%}" for name, part in found["saved_divergence"].items()}
    return _(
        "If you want to know how answers divide, and not only which is commonest, ask for as many "
        "labels of every clip: the adaptive way needs %(value)s more labels to tell that as well."
    ) % {"value": more["value"]}


def assumptions(plan: Plan) -> list[str]:
    """Return what the plan takes for given, a sentence each."""
    if plan.result is None:
        return []
    asked, done = plan.question, plan.result["simulated"]
    return [
        _clips(asked, done),
        _people(asked),
        _(
            "Everybody works every day at the same pace, and no time passes between labels and "
            "what follows from them. Finding people, training, checks and skips are not counted."
        ),
        *_learner(plan.result["learner"], asked, done),
        _(
            "%(n)d campaigns of %(clips)d clips and %(people)d annotators were simulated. The "
            "intervals say how differently such a campaign may turn out by chance, not how wrong "
            "these assumptions may be: for that, see what changes if they are others."
        )
        % {"n": done["repetitions"], "clips": done["clips"], "people": done["annotators"]},
    ]


def _clips(asked: dict[str, Any], done: dict[str, Any]) -> str:
    source = dict(corpora()).get(asked["difficulty"])
    told = {
        "alpha": f"{done['alpha']:.2f}",
        "share": f"{max(done['base_rate']):.0%}",
        "k": len(done["base_rate"]),
    }
    if asked["difficulty"] == PILOT:
        where = _("as the pilot's labels have it")
    elif source:
        where = _("as in %(corpus)s") % {"corpus": source}
    else:
        where = _("as you gave it")
    return _(
        "People who look agree with an alpha of %(alpha)s, %(where)s, on some clips much better "
        "than on others. The commonest of %(k)d answers has %(share)s of all."
    ) % {**told, "where": where}


def _people(asked: dict[str, Any]) -> str:
    told = {"n": asked["annotators"], "careless": round(asked["careless"] * asked["annotators"])}
    answer = (
        _("Of %(n)d annotators %(careless)d never look, and say mostly one or two answers.") % told
    )
    if asked["difficulty"] == PILOT:
        return f"{answer} {_('The others look as often as those of the pilot.')}"
    rest = _(
        "The others always look. Copies of each other's answers, and people who read clips "
        "otherwise, are not simulated."
    )
    return f"{answer} {rest}"


def _learner(learner: Any, asked: dict[str, Any], done: dict[str, Any]) -> list[str]:
    if learner is None:
        return []
    told = {"n": done["learner_repetitions"], "clips": learner["clips"]}
    if asked["learner_reaches"] is None or learner["seen"]:
        return [
            _(
                "The learner reads the pilot's own clips, %(clips)d of them at a time, and is "
                "judged by people it has not seen, %(n)d times."
            )
            % told
        ]
    return [
        _(
            "The learner reads made-up vectors of %(clips)d clips, under as much noise as lets it "
            "be right about %(reaches)s of clips in the end, %(n)d times. How much a learner's "
            "picks save hangs on real vectors: a pilot tells it better."
        )
        % {**told, "reaches": f"{asked['learner_reaches']:.0%}"}
    ]


def _percents(figure: dict[str, float]) -> dict[str, str]:
    return {name: f"{part:.0%}" for name, part in figure.items()}
