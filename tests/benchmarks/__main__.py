"""`python -m tests.benchmarks`: generate a workload, measure every job, print the tables.

Ratios are medians of CPU seconds from this one run on this one machine; other load
moves both sides. Targets are those of section 13 of the scoring protocol.
"""

import argparse
import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

from . import workload
from .jobs import JOBS, WARM_UP

ROOT = Path(__file__).parents[2]
SLOW = ("seqeval-report", "seqeval-f1", "nervaluate")
TIMED = tuple(name for name in JOBS if name != "profile")
# (what, job, in units of which other job's CPU seconds, target, whether it is a ceiling)
RATIOS = (
    ("all columns / parse only", "count", "parse", 2, True),
    ("whole result with 2,000 replicates / parse only", "score", "parse", 2, True),
    ("seqeval strict report / ours in memory", "seqeval-report", "entities-in-memory", 25, False),
    ("seqeval strict report / ours from files", "seqeval-report", "entities", 25, False),
    ("seqeval f1_score / ours in memory", "seqeval-f1", "entities-in-memory", None, False),
    ("nervaluate / ours in memory", "nervaluate", "entities-in-memory", 10, False),
    ("nervaluate / ours from files", "nervaluate", "entities", 10, False),
)


def generate(folder, articles):
    """The workload, and its first articles for the warm-up."""
    folder.mkdir(parents=True)
    workload.write(folder, articles)
    prefix(folder, folder / "warm-up", min(WARM_UP, articles))


def prefix(source, target, articles):
    """The first articles of a workload as one of their own."""
    target.mkdir()
    for path in source.glob("*.jsonl"):
        with path.open("rb") as file, (target / path.name).open("wb") as out:
            out.writelines(islice(file, articles))


def measure(job, folder, runs):
    """Medians over runs, each in a process of its own; the job's other findings."""
    found = []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.jobs", job, str(folder)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{job} failed:\n{done.stderr}")
        found.append(json.loads(done.stdout.splitlines()[-1]))
    medians = {k: statistics.median(f[k] for f in found) for k in ("cpu", "wall", "rss_mb")}
    return {**found[0], **medians, "runs": runs}


def table(head, rows):
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)


def times(found):
    head = ("job", "CPU s", "wall s", "runs", "peak MB")
    table(
        head,
        [
            (job, f"{m['cpu']:.2f}", f"{m['wall']:.2f}", m["runs"], f"{m['rss_mb']:.0f}")
            for job, m in found.items()
        ],
    )


def ratios(found):
    rows = []
    for what, job, unit, target, ceiling in RATIOS:
        if job in found and unit in found:
            ratio = found[job]["cpu"] / found[unit]["cpu"]
            met = target and (ratio <= target if ceiling else ratio >= target)
            aim = f"{'≤' if ceiling else '≥'} {target} ×" if target else ""
            rows.append((what, f"{ratio:.1f} ×", aim, ("met" if met else "missed") if aim else ""))
    if "bootstrap" in found:
        wall = found["bootstrap"]["wall"]
        what = f"1,000 replicates, {found['bootstrap']['intervals']} intervals"
        rows.append((what, f"{wall:.2f} s", "< 1 s", "met" if wall < 1 else "missed"))
    table(("what", "measured", "target", ""), rows)


def agreement(found):
    """Whether all scorers found the same; names are flat, so they must."""
    ours = found["entities-in-memory"]
    for job in ("seqeval-report", "seqeval-f1"):
        if job in found and abs(found[job]["f1"] - ours["f1"]) > 1e-12:
            raise SystemExit(f"{job}: F1 {found[job]['f1']}, ours {ours['f1']}")
    if "nervaluate" in found:
        for schema in ("strict", "exact", "partial", "type"):
            theirs = found["nervaluate"][schema]
            if ours[schema]["cor"] < theirs["cor"]:
                raise SystemExit(f"{schema}: COR {ours[schema]['cor']} < nervaluate's {theirs}")
    print(f"\nstrict F1 {ours['f1']:.6f}, the same for all")


def grow(whole, folder, sizes, runs):
    """Time and memory of counting and of the whole result as articles increase."""
    rows = []
    before = None
    for size in sizes:
        part = folder / f"first-{size}"
        prefix(whole, part, size)
        prefix(whole, part / "warm-up", min(WARM_UP, size))
        parse, count, score = (measure(job, part, runs) for job in ("parse", "count", "score"))
        added = ""
        if before:
            extra = (count["rss_mb"] - before[1]) * (1 << 20) / (size - before[0])
            added = f"{extra:.0f}"
        before = size, count["rss_mb"]
        rows.append(
            (
                f"{size:,}",
                f"{1e6 * count['cpu'] / size:.0f}",
                f"{count['cpu'] / parse['cpu']:.1f} ×",
                f"{count['rss_mb']:.0f}",
                added,
                f"{score['wall']:.1f}",
                f"{score['rss_mb']:.0f}",
            )
        )
        shutil.rmtree(part)
    table(
        ("articles", "µs CPU each", "/ parse", "peak MB", "bytes more each", "whole s", "whole MB"),
        rows,
    )


def main(words=None):
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5, help="runs a job (medians are printed)")
    parser.add_argument("--slow-runs", type=int, default=1, help="runs of seqeval and nervaluate")
    parser.add_argument("--growth", type=int, nargs="*", default=[1_000, 10_000, 100_000],
                        metavar="N", help="article counts (none: leave out)")  # fmt: skip
    parser.add_argument("--jobs", nargs="+", choices=TIMED, default=TIMED, metavar="JOB",
                        help="only these jobs")  # fmt: skip
    parser.add_argument("--profile", action="store_true", help="also profile the counting")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    asked = parser.parse_args(words)
    found = {}
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as scratch:
        folder = Path(scratch) / "workload"
        most = max([asked.articles, *asked.growth])
        print(f"generating {most:,} articles, seed {workload.SEED}", file=sys.stderr)
        generate(folder, most)
        part = folder
        if asked.articles < most:
            part = Path(scratch) / "measured"
            prefix(folder, part, asked.articles)
            prefix(folder, part / "warm-up", min(WARM_UP, asked.articles))
        for job in asked.jobs:
            print(f"measuring {job}", file=sys.stderr)
            found[job] = measure(job, part, asked.slow_runs if job in SLOW else asked.runs)
        machine = f"{platform.python_implementation()} {platform.python_version()}"
        print(f"{asked.articles:,} articles, {machine}, medians, imports excluded")
        times(found)
        ratios(found)
        if "entities-in-memory" in found:
            agreement(found)
        if asked.growth:
            print("measuring growth", file=sys.stderr)
            grow(folder, Path(scratch), sorted(asked.growth), 1)
        if asked.profile:
            print(measure("profile", part, 1)["profile"])
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
