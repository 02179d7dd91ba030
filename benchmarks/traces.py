"""Traces made into one, against an objective truth; and the quality flags against people.

python -m benchmarks.traces FILE.csv
python -m benchmarks.traces --flags EVENTS.csv[.gz] --clips CUTS.csv

FILE has the columns t (seconds, evenly spaced), truth, and one per annotator; an empty field is
unknown. The crowd's common lag cannot be seen from the crowd: `calibrated` rows take it from
the truth in the first half of the file, so their figure for the second half is the fair one.

EVENTS has the columns clip, annotator, session, wall_ms, video_ms, value (-100..100) and
kept_by_authors; CUTS those of the film cuts it belongs to. Reported is how well the flags find
the traces that the authors did not keep.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from annotation.agreement.answers import Floats
from annotation.agreement.ccc import ccc, mean_of_known
from annotation.agreement.ewe import NoAgreementError
from annotation.agreement.traces.fusing import FusedTraces, fuse_traces
from annotation.agreement.traces.lags import advance, estimate_lags, lag_behind
from annotation.agreement.traces.ordinal import changes, directions, share_in_step
from benchmarks._flags import compare_flags
from benchmarks._report import give_up, print_json, print_table
from benchmarks._trace_file import Recorded, read_traces

INJECTED = range(1, 7)
LEAST_CHANGE = 0.05


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.traces")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--flags", type=Path)
    parser.add_argument("--clips", type=Path)
    options = parser.parse_args(arguments)
    if options.flags and options.clips:
        return report_flags(options.flags, options.clips)
    if not options.file:
        give_up("traces: give a FILE, or --flags EVENTS and --clips CUTS.")
    try:
        report_traces(read_traces(options.file))
    except NoAgreementError as error:
        give_up(f"traces: {error}")


def report_flags(events: Path, clips: Path) -> None:
    result = compare_flags(events, clips)
    print_table(result.rows)
    print_json({"benchmark": "traces", "of": "flags", **result.summary})


def report_traces(recorded: Recorded) -> None:
    """Print the scores, the lags, and what became of injected lags."""
    common = _common_lag(recorded)
    crowd_only = fuse_traces(recorded.traces, rate=recorded.rate)
    calibrated = fuse_traces(recorded.traces, rate=recorded.rate, crowd_lag=common)
    warped = fuse_traces(recorded.traces, rate=recorded.rate, crowd_lag=common, band=2.0)
    scores = _scores(recorded, crowd_only, calibrated, warped)
    lags = _lag_rows(recorded, crowd_only, calibrated, warped)
    injected = injected_errors(recorded.traces, recorded.rate)

    for rows in (scores, lags, injected):
        print_table(rows)
        print()
    worst = max(float(str(row["worst_error_s"])) for row in injected)
    print_json(
        {
            "benchmark": "traces",
            "annotators": len(recorded.traces),
            "samples": recorded.traces.shape[1],
            "common_lag_s": common,
            "scores": scores,
            "lags": lags,
            "injected": injected,
            "worst_injected_error_s": worst,
        }
    )


def injected_errors(traces: Floats, rate: float) -> list[dict[str, object]]:
    """Delay each trace in turn by 1-6 s, then all by lags drawn at random, and estimate anew.

    The traces are as recorded, with their own lags. Injected and found are compared as changes:
    what the estimate says of the delayed trace less what it said before. The recorded start is
    held while the delayed trace has not begun.
    """
    n = len(traces)
    own = estimate_lags(traces, rate=rate).seconds
    rows: list[dict[str, object]] = []
    for seconds in INJECTED:
        delays = [np.where(np.arange(n) == w, float(seconds), 0.0) for w in range(n)]
        errors = [_error(traces, own, delay, rate)[w] for w, delay in enumerate(delays)]
        rows.append(_error_row(f"{seconds} s, one annotator", np.array(errors)))
    rng = np.random.default_rng(0)
    drawn = [np.round(rng.uniform(0, 6, size=n), 1) for _ in range(10)]
    errors_of_all = np.concatenate([_error(traces, own, delay, rate) for delay in drawn])
    return [*rows, _error_row("0-6 s at random, all", errors_of_all)]


def _error(traces: Floats, own: Floats, delays: Floats, rate: float) -> Floats:
    """Change found less change injected, less the median: the crowd's own lag is not visible."""
    delayed = np.array([_delayed(t, round(d * rate)) for t, d in zip(traces, delays, strict=True)])
    gap = estimate_lags(delayed, rate=rate).seconds - own - delays
    return gap - np.median(gap)


def _delayed(trace: Floats, samples: int) -> Floats:
    start = trace[np.isfinite(trace)][0]
    return np.concatenate([np.full(samples, start), trace[: len(trace) - samples]])


def _error_row(what: str, errors: Floats) -> dict[str, object]:
    size = np.abs(errors)
    return {
        "injected": what,
        "mean_error_s": round(float(size.mean()), 3),
        "worst_error_s": round(float(size.max()), 3),
        "within_0.3_s": round(float((size <= 0.3 + 1e-9).mean()), 3),
    }


def _common_lag(recorded: Recorded) -> float:
    """The median lag that makes the crowd fit the truth in the first half."""
    half = recorded.traces.shape[1] // 2
    lags = estimate_lags(recorded.traces, rate=recorded.rate)
    mean = mean_of_known(advance(recorded.traces, lags.seconds, rate=recorded.rate))
    behind = lag_behind(recorded.truth[:half], mean[:half], rate=recorded.rate)
    return round(lags.crowd + behind, 3)


def _scores(
    recorded: Recorded, crowd_only: FusedTraces, calibrated: FusedTraces, warped: FusedTraces
) -> list[dict[str, object]]:
    series = {
        "plain mean": mean_of_known(recorded.traces),
        "mean, lags from the crowd": mean_of_known(crowd_only.aligned),
        "fused, lags from the crowd": crowd_only.fused.value,
        "mean, calibrated lags": mean_of_known(calibrated.aligned),
        "fused, calibrated lags": calibrated.fused.value,
        "fused, calibrated, warped": warped.fused.value,
    }
    return [_score(name, line, recorded) for name, line in series.items()]


def _score(name: str, line: Floats, recorded: Recorded) -> dict[str, object]:
    half = len(line) // 2
    least = LEAST_CHANGE * float(np.nanmax(recorded.truth) - np.nanmin(recorded.truth))
    moves, true_moves = (
        directions(changes(series, rate=recorded.rate), least=least)
        for series in (line, recorded.truth)
    )
    in_step = share_in_step(moves, true_moves)
    return {
        "trace": name,
        "ccc": round(ccc(line, recorded.truth), 4),
        "ccc_second_half": round(ccc(line[half:], recorded.truth[half:]), 4),
        "same_direction": None if np.isnan(in_step) else round(in_step, 3),
    }


def _lag_rows(
    recorded: Recorded, crowd_only: FusedTraces, calibrated: FusedTraces, warped: FusedTraces
) -> list[dict[str, object]]:
    def shown(value: float) -> float | None:
        return round(float(value), 3) if np.isfinite(value) else None

    return [
        {
            "annotator": name,
            "lag_s": shown(crowd_only.lags.seconds[w]),
            "calibrated_lag_s": shown(calibrated.lags.seconds[w]),
            "lag_to_truth_s": lag_behind(recorded.truth, recorded.traces[w], rate=recorded.rate),
            "weight": shown(calibrated.fused.weights[w]),
            "ccc_before": shown(calibrated.ccc_before[w]),
            "ccc_lags": shown(calibrated.ccc_after[w]),
            "ccc_warped": shown(warped.ccc_after[w]),
        }
        for w, name in enumerate(recorded.annotators)
    ]


if __name__ == "__main__":
    main()
