"""What one measured process does: `python -m tests.benchmarks.jobs JOB FOLDER`.

A job is prepared (imports, a warm-up on a few articles, data in memory where the
other side has it there, too), then run once under the clock. The figures are
printed as one line of JSON: CPU seconds of the process and its children, wall
seconds, peak memory of the whole process, and what the job found out.
"""

import cProfile
import io
import json
import pstats
import re
import resource
import sys
import time
from itertools import islice
from pathlib import Path

from dateline.corpus.schema import decode
from dateline.corpus.store import Corpus

WARM_UP = 20
REPLICATES = 1000
_TOKEN = re.compile(r"\w+|[^\w\s]")


def as_corpus(folder, names=""):
    """A corpus whose test split is the gold file, so that no gold is checked or read twice."""
    corpus = Corpus(folder / f"corpus{names}")
    path = corpus.records_path("test")
    if not path.exists():
        path.parent.mkdir(parents=True)
        path.symlink_to(folder / f"gold{names}.jsonl")
        (corpus.root / "corpus.toml").write_text(
            'name = "b"\ntitle = "Generated"\nversion = "0.0.0"\nlicense = "CC0"\n'
        )
    return corpus


def records(path, most=None):
    with path.open("rb") as file:
        return [decode(line) for line in islice(file, most)]


def parse(folder):
    """Only decode both files into typed structs."""

    def run():
        for name in ("gold.jsonl", "pred.jsonl"):
            with (folder / name).open("rb") as file:
                for line in file:
                    decode(line)

    return run


def count(folder, names="", **settings):
    """All count columns of all tracks from files, own parsing included."""
    from dateline.scorer.api import count_files
    from dateline.scorer.signature import Settings

    corpus = as_corpus(folder, names)

    def run():
        scored = count_files(
            folder / f"pred{names}.jsonl", corpus=corpus, settings=Settings(**settings)
        )
        return scored, lambda: {"columns": len(scored.counted.table.columns)}

    return run


def score(folder):
    """The whole result: counts, 2,000 replicates, slices, macros, error classes."""
    from dateline.scorer.assemble import assemble
    from dateline.scorer.signature import Settings

    counting = count(folder)

    def run():
        scored, _ = counting()
        assemble(*scored[:4], Settings())

    return run


def entities(folder):
    """Names only, from files, own parsing included."""
    return count(folder, "-names", tracks=("entities",))


def entities_in_memory(folder):
    """Names only, records in memory: what seqeval and nervaluate are given."""
    from dateline.scorer.codes import Log
    from dateline.scorer.read import Submitted
    from dateline.scorer.registry import METRICS
    from dateline.scorer.scores import Sums
    from dateline.scorer.tally import Tally

    golds, preds = records(folder / "gold-names.jsonl"), records(folder / "pred-names.jsonl")

    def run():
        tally = Tally(Log())
        for gold, pred in zip(golds, preds, strict=True):
            tally.add(gold, Submitted(0, pred))
        sums = Sums(tally.finish(len(preds)).table.sums())
        return None, lambda: {
            "f1": float(METRICS["entities.strict"].main(sums)),
            **{name: METRICS[f"semeval.{name}"].detail(sums) for name in _SCHEMAS},
        }

    return run


_SCHEMAS = ("strict", "exact", "partial", "type")


def tags(folder):
    """Gold and submitted IOB2 tags of every article, as lists of strings."""
    golds, preds = records(folder / "gold-names.jsonl"), records(folder / "pred-names.jsonl")
    return [
        [_tag(gold.text, record.mentions) for gold, record in zip(golds, side, strict=True)]
        for side in (golds, preds)
    ]


def _tag(text, names):
    starts = {token.start(): n for n, token in enumerate(_TOKEN.finditer(text))}
    order = list(starts)
    row = ["O"] * len(order)
    for m in names:
        first = at = starts[m.start]
        while at < len(order) and order[at] < m.end:
            row[at] = sys.intern(f"{'B' if at == first else 'I'}-{m.type}")
            at += 1
    return row


def seqeval_report(folder):
    """seqeval's strict classification report."""
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    gold, pred = tags(folder)

    def run():
        found = classification_report(gold, pred, mode="strict", scheme=IOB2, output_dict=True)
        return None, lambda: {"f1": found["micro avg"]["f1-score"]}

    return run


def seqeval_f1(folder):
    """seqeval's F1 alone, default mode."""
    from seqeval.metrics import f1_score

    gold, pred = tags(folder)

    def run():
        found = f1_score(gold, pred)
        return None, lambda: {"f1": float(found)}

    return run


def nervaluate(folder):
    """nervaluate's evaluator, made and run: its four schemas, overall and by type."""
    from nervaluate.evaluator import Evaluator

    def spans(name):
        return [
            [{"label": m.type, "start": m.start, "end": m.end - 1} for m in r.mentions]
            for r in records(folder / name)
        ]

    gold, pred = spans("gold-names.jsonl"), spans("pred-names.jsonl")
    types = sorted({m["label"] for side in (gold, pred) for row in side for m in row})

    def run():
        found = Evaluator(gold, pred, tags=types, loader="dict").evaluate()
        schemas = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}
        return None, lambda: {
            ours: {
                "cor": found["overall"][theirs].correct,
                "mis": found["overall"][theirs].missed,
                "spu": found["overall"][theirs].spurious,
            }
            for ours, theirs in schemas.items()
        }

    return run


def bootstrap(folder, *, slices=False):
    """1,000 replicates and the interval of every metric, from rows in memory."""
    from dateline.scorer.assemble import Evaluation, active_metrics
    from dateline.scorer.counts import in_order
    from dateline.scorer.signature import Settings
    from dateline.scorer.slicing import slices as sliced

    (scored, _) = count(folder)()
    table, chosen = in_order(scored.counted.table), Settings(replicates=REPLICATES)
    metrics = [m for m, on in active_metrics(scored.counted).items() if on]

    def run():
        if slices:
            found = sliced(table, metrics, chosen)
            return None, lambda: {"intervals": len(found)}
        evaluation = Evaluation(table, metrics, chosen)
        found = [evaluation.interval(m) for m in metrics]
        return None, lambda: {"intervals": len(found)}

    return run


def bootstrap_slices(folder):
    """1,000 replicates and the interval of every slice."""
    return bootstrap(folder, slices=True)


def profile(folder):
    """cProfile of `count`, the 25 functions with the most time of their own."""
    counting = count(folder)

    def run():
        profiler = cProfile.Profile()
        profiler.runcall(counting)
        out = io.StringIO()
        pstats.Stats(profiler, stream=out).strip_dirs().sort_stats("tottime").print_stats(25)
        return None, lambda: {"profile": out.getvalue()}

    return run


JOBS = {
    f.__name__.replace("_", "-"): f
    for f in (parse, count, score, entities, entities_in_memory, seqeval_report, seqeval_f1,
              nervaluate, bootstrap, bootstrap_slices, profile)
}  # fmt: skip


def _cpu():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def main(name, folder):
    job = JOBS[name]
    if (folder / "warm-up").is_dir():  # lazy imports and caches are not what is measured
        job(folder / "warm-up")()
    run = job(folder)
    cpu, wall = _cpu(), time.perf_counter()
    returned = run()
    cpu, wall = _cpu() - cpu, time.perf_counter() - wall
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    detail = returned[1]() if returned else {}
    print(json.dumps({"cpu": cpu, "wall": wall, "rss_mb": peak, **detail}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
