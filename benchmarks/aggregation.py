"""Every aggregator of ours beside crowd-kit's, on answers whose truth is known.

python -m benchmarks.aggregation ANSWERS.csv[.gz] TRUTH.csv [--slow]
python -m benchmarks.aggregation --synthetic LABELS [--growth]

The second draws answers (7 classes, 5 labels a task, 500 an annotator, a tenth of whom does not
look) and sets ten iterations of Dawid and Skene beside crowd-kit's ten; with --growth it sets the
time at LABELS beside that at a fifth of them, and says what a label costs of what it cost there.

Accuracy shares a tie out among its classes. Log-loss is in nats with probabilities of at least
1e-6. Calibration error is the mean gap between confidence and accuracy in ten bins. Held-out is
the mean log-likelihood of labels kept from the fit, five folds, the same for all; crowd-kit's
probabilities may be 0, so its predictions are mixed with 1 % of chance. Memory is what Python and
numpy held at most during a second fit.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from annotation.agreement.aggregation import Comparable
from annotation.agreement.answers import Answers, Floats, Ints, Named, from_rows
from annotation.agreement.selection import CANDIDATES, OTHERS, choose, held_out_score
from benchmarks._report import give_up, measure, print_json, print_table
from benchmarks._synthetic import FEWEST, TIMES, grow
from benchmarks._synthetic import compare as compare_drawn

BINS = 10
Row = dict[str, object]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.aggregation")
    parser.add_argument("--synthetic", type=int, metavar="LABELS", help="draw so many labels")
    parser.add_argument(
        "answers", type=Path, nargs="?", help="columns task|question, worker, label|answer"
    )
    parser.add_argument("truth", type=Path, nargs="?", help="columns task|question, truth")
    parser.add_argument("--growth", action="store_true", help="beside a fifth of --synthetic")
    parser.add_argument("--slow", action="store_true", help="crowd-kit's MACE and GLAD as well")
    options = parser.parse_args(arguments)
    if options.synthetic is not None:
        report_drawn(options.synthetic, growth=options.growth)
        return
    if options.truth is None:
        parser.error("needs ANSWERS and TRUTH, or --synthetic LABELS")
    try:
        named, truth = load(options.answers, options.truth)
    except (OSError, EOFError, ValueError, csv.Error, zlib.error) as error:
        give_up(f"aggregation: {error}")

    rows = compare(named.answers, truth, slow=options.slow)
    print_table(rows)
    print_json(
        {
            "benchmark": "aggregation",
            "answers": options.answers.name,
            "labels": len(named.answers),
            "tasks": named.answers.n_tasks,
            "annotators": named.answers.n_annotators,
            "classes": named.answers.n_classes,
            "results": rows,
        }
    )


def report_drawn(n_labels: int, *, growth: bool = False) -> None:
    fewest = TIMES * FEWEST if growth else FEWEST
    if n_labels < fewest:
        give_up(f"aggregation: --synthetic needs at least {fewest} labels.")
    rows = grow(n_labels) if growth else compare_drawn(n_labels)
    print_table(rows)
    print_json({"benchmark": "aggregation", "labels": n_labels, "results": rows})


def load(answers_path: Path, truth_path: Path) -> tuple[Named, Ints]:
    """Return the answers and the true class of each task, -1 where it is not known."""
    answers = list(read(answers_path, (("task", "question"), ("worker",), ("label", "answer"))))
    truths = {row[0]: row[1] for row in read(truth_path, (("task", "question"), ("truth",)))}
    classes = sorted({row[2] for row in answers} | set(truths.values()))
    named = from_rows(((row[0], row[1], row[2]) for row in answers), classes)
    numbers = {name: number for number, name in enumerate(classes)}
    truth = np.array([numbers.get(truths.get(str(task), ""), -1) for task in named.tasks])
    if not bool(np.any(truth >= 0)):
        raise ValueError(f"{truth_path.name} has the truth of no task in {answers_path.name}.")
    return named, truth


def read(path: Path, columns: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the values of `columns`, each given by the names it may have."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names = [_column(path, reader.fieldnames or (), names) for names in columns]
        for row in reader:
            values = tuple(row[name] or "" for name in names)
            if "" in values:
                raise ValueError(f"{path.name}, line {reader.line_num}: a value is missing.")
            yield values


def compare(answers: Answers, truth: Ints, *, slow: bool = False) -> list[Row]:
    """Return a row of figures for each of our aggregators, our choice, and each of the peers."""
    rows = [figures(aggregator, answers, truth) for aggregator in CANDIDATES + OTHERS]
    chosen = measure(lambda: choose(answers))
    fit = chosen.result.fit
    rows.append(
        {
            "aggregator": f"chosen: {fit.name}",
            **against_truth(fit.distribution, truth),
            "held_out": chosen.result.scores.get(fit.name),
            "seconds": chosen.seconds,
            "peak_mb": chosen.peak_mb,
        }
    )
    if importlib.util.find_spec("crowdkit") is None:
        print("crowd-kit is not installed (requirements/peers.txt): no peers to compare with.")
        return rows
    from benchmarks._crowdkit import peers  # noqa: PLC0415 - only where it is installed

    return rows + [figures(peer, answers, truth) for peer in peers(slow=slow)]


def figures(aggregator: Comparable, answers: Answers, truth: Ints) -> Row:
    fitted = measure(lambda: aggregator.fit(answers))
    foretells = getattr(aggregator, "foretells", True)
    return {
        "aggregator": aggregator.name,
        **against_truth(fitted.result.distribution, truth),
        "held_out": held_out_score(aggregator, answers) if foretells else None,
        "seconds": fitted.seconds,
        "peak_mb": fitted.peak_mb,
    }


def against_truth(distribution: Floats, truth: Ints) -> Mapping[str, float]:
    """Return accuracy in percent, log-loss and calibration error over tasks of known truth."""
    p, true = distribution[truth >= 0], truth[truth >= 0]
    of_truth = p[np.arange(len(p)), true]
    largest = p.max(axis=1)
    tied = (p >= largest[:, None] - 1e-9).sum(axis=1)
    right = np.where(of_truth >= largest - 1e-9, 1 / tied, 0.0)
    return {
        "accuracy": round(100 * float(right.mean()), 2),
        "log_loss": round(float(-np.log(np.maximum(of_truth, 1e-6)).mean()), 4),
        "calibration_error": round(calibration_error(largest, right), 4),
    }


def calibration_error(confidence: Floats, right: Floats) -> float:
    """Return the mean gap between confidence and accuracy, over ten bins of equal width."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, right - confidence, BINS)
    return float(np.abs(gaps).sum() / len(right))


def _column(path: Path, found: Sequence[str], names: Sequence[str]) -> str:
    for name in names:
        if name in found:
            return name
    raise ValueError(f"{path.name} has no column {' or '.join(names)}.")


if __name__ == "__main__":
    main()
