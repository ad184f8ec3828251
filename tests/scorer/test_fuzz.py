"""Mutated submissions through the command line: exit 0 or 2, never a traceback, bounded.

Every mutation is drawn from one `Random`, which hypothesis drives in the normal run
and shrinks on failure; the long run goes through seeds for ten minutes.
"""

import contextlib
import io
import itertools
import json
import random
import resource
import subprocess
import sys
import time

import pytest
from dateline.corpus.errors import DatelineError
from dateline.corpus.schema import encode, encode_lines
from dateline.scorer.bio import score_bio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline.cli import main

from .records import GOLD, change
from .test_bio import file as write_columns
from .test_bio import gold_tags

LONG_SECONDS = 600
MOST_SECONDS = 10  # one submission of three short articles
MOST_SECONDS_CROWDED = 60  # one article at the limits of section 2, the start included
MOST_MEGABYTES = 1024
GOLDS = [change(GOLD, id=f"cc-000{n}") for n in (1, 2, 3)]
OPTIONS = (
    [], [], ["--check-only"], ["--json", "-"], ["--strict-schema"], ["--full"], ["--pointers"],
    ["--pointers", "--json", "-"], ["--ci", "bca"], ["--unit", "story"], ["--tracks", "entities"],
    ["--tracks", "attributions,claims", "--full"], ["--part", "real"],
)  # fmt: skip
DEEP = 100_000
NASTY = (
    None, True, False, 0, -1, 1, 5, 116, 117, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63),
    10**30, -(10**30), 1.5, 1e308, 5e-324, "", " ", "x", "x" * 5_000, "\ud800", "\udfff\ud800",
    "\0", "\n", "\r\n\x1b[31m", "m1", "v1", "a1", "cc-0001", "cc-0009", "é", "e\u0301", "🛩", "PER",
    "name", "actual", "Issue", [], [[]], {}, {"": {}}, {"id": "m1"}, [None], ["m1"], ["m1", "m1"],
)  # fmt: skip
LAYERS = ("mentions", "events", "attributions")
BYTES = (
    b"", b"\0", b"\n", b"\r", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b'"', b"{", b"}", b"[",
    b"]", b",", b":", b"\\", b"\\ud800", b"\\u0000", b"-", b"1e999", b"NaN", b"99999999999999",
    b"null", b"\xe2\x80\xa8", b"[" * DEEP, b'{"a":' * 2_000,
)  # fmt: skip


# mutations


def places(value):
    """Every container and key below a value."""
    found, todo = [], [value]
    while todo:
        at = todo.pop()
        keys = list(at) if isinstance(at, dict) else range(len(at)) if isinstance(at, list) else ()
        for key in keys:
            found.append((at, key))
            todo.append(at[key])
    return found


def mutate_wildly(records, draw):
    """Changes decoded records in place without regard to types."""
    found = places(records)
    if not found:
        return
    at, key = found[draw.randrange(len(found))]
    other, other_key = found[draw.randrange(len(found))]
    action = draw.randrange(5)
    if action < 2:
        at[key] = draw.choice(NASTY)
    elif action == 2:
        del at[key]
    elif action == 3 and isinstance(at, dict):
        at[draw.choice((key.upper(), f"{key}s", "", "x" * 300, "id", "text"))] = at.pop(key)
    else:
        at[key] = copy(other[other_key])


def mutate_mildly(records, draw):
    """Changes decoded records in place so that they mostly remain records."""
    found = places(records)
    strings = [(at, key) for at, key in found if isinstance(at[key], str) and key != "text"]
    layers = [r[name] for r in records for name in LAYERS if r.get(name)]
    action = draw.randrange(8)
    if action < 3:
        numbers = [(at, key) for at, key in found if type(at[key]) is int]
        at, key = draw.choice(numbers or found)
        near = (draw.randrange(117), *(at[key] + k for k in (-2, -1, 1, 2, 9) if numbers))
        at[key] = draw.choice((*near, *near, 116, 117, 2**63, 10**30, -1))
    elif action == 3:
        (at, key), (other, other_key) = draw.choices(strings or found, k=2)
        at[key] = draw.choice((other[other_key], "\ud800", "\n\x1b[1m", ""))
    elif action == 4:
        count = draw.choice((0, 1, 10**6, 2**62, 2**63, 10**30, -1))
        draw.choice(records)["unaligned"] = {draw.choice((*LAYERS, "arguments")): count}
    elif action == 5 and layers:
        layer = draw.choice(layers)
        for n in range(draw.choice((1, 2, 20, 700, 5_001))):
            layer.append({**copy(draw.choice(layer[:20])), "id": f"new{len(layer)}-{n}"})
    elif action == 6 and layers:
        layer = draw.choice(layers)
        draw.choice((layer.clear, layer.pop, lambda: draw.shuffle(layer)))()
    elif layers:
        draw.choice(layers).append({**copy(draw.choice(draw.choice(layers) or [{}])), "id": "new"})


def copy(value):
    return json.loads(json.dumps(value))


def mutate_bytes(data, draw):
    """Cuts, doubles, replaces and inserts stretches of the file."""
    for _ in range(draw.choice((1, 1, 2, 5))):
        a = draw.randrange(len(data) + 1)
        b = min(len(data), a + draw.choice((0, 1, 1, 2, 8, 100, 100_000)))
        action = draw.randrange(4)
        if action == 0:
            data = data[:a] + data[b:]
        elif action == 1:
            data = data[:b] + data[a:]
        elif action == 2:
            data = data[:a] + draw.choice(BYTES) + data[b:]
        else:
            data = (
                data[:a]
                + bytes(draw.randrange(256) for _ in range(b - a if b - a < 9 else 9))
                + data[b:]
            )
    return data


def submission(draw):
    """The bytes of a mutated submission."""
    records = [json.loads(encode(g)) for g in GOLDS]
    for record in records:
        if draw.random() < 0.7:
            for key in ("text", "meta", "zones"):
                record.pop(key, None)
    how = draw.randrange(8)
    mutate = mutate_mildly if how < 6 else mutate_wildly
    for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
        mutate(records, draw)
    lines = [json.dumps(r, ensure_ascii=draw.random() < 0.5) for r in records]
    data = "\n".join(lines).encode("utf-8", "surrogatepass") + b"\n"
    return mutate_bytes(data, draw) if how == 7 else data


# the command


def dateline(*words):
    """Exit code, stdout and stderr of the command, run in this process."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    argv, sys.argv = sys.argv, ["dateline", *map(str, words)]
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.argv = argv
    shown = []
    for stream in (out, err):
        stream.flush()
        shown.append(stream.buffer.getvalue().decode("utf-8"))
    return code, *shown


def check(draw, folder):
    """Scores one mutated submission and holds the outcome against the contract."""
    gold, path = folder / "gold.jsonl", folder / "pred.jsonl"
    if not gold.exists():
        gold.write_bytes(b"".join(encode_lines(GOLDS)))
    path.write_bytes(submission(draw))
    options = draw.choice(OPTIONS)
    begun = time.perf_counter()
    code, out, err = dateline("score", path, "--gold", gold, *options)
    took = time.perf_counter() - begun
    assert code in (0, 2), err
    assert "Traceback" not in err
    if code == 2:
        assert not out and err, "a refusal prints its reasons and no number"
        assert all(line.strip() for line in err.rstrip("\n").split("\n")), err
    else:
        assert out
        if "-" in options:
            for entry in json.loads(out)["scores"].values():
                shares = [entry.get(k) for k in ("p", "r", "f1", "value")]
                assert all(x is None or -1 <= x <= 1 for x in shares), entry
    assert took < MOST_SECONDS, f"{took:.0f} s"
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    assert peak < MOST_MEGABYTES, f"{peak:.0f} MB"


UNHURRIED = {"derandomize": True, "deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=200, **UNHURRIED)
@given(st.randoms(use_true_random=False))
def test_mutated_submissions(tmp_path_factory, draw):
    check(draw, tmp_path_factory.mktemp("fuzz"))


@pytest.mark.long
def test_mutated_submissions_for_ten_minutes(tmp_path):
    end = time.monotonic() + LONG_SECONDS
    for seed in itertools.count():
        if time.monotonic() > end:
            break
        try:
            check(random.Random(seed), tmp_path)
        except Exception as error:
            raise AssertionError(f"seed {seed}, input in {tmp_path}") from error


# as much as the limits of a submission allow

ALL = [{"start": 0, "end": 116}]
SPANS = [{"start": i, "end": j} for i in range(116) for j in range(i + 1, 117)][:5_000]
PEOPLE = [{"id": f"m{n}", **span, "type": "PER"} for n, span in enumerate(SPANS)]
TALKS = [{"id": f"v{n}", **span, "type": "Talks"} for n, span in enumerate(SPANS)]
SAID = [{"id": f"a{n}", "content": ALL, "sources": [f"m{n}"]} for n in range(5_000)]
AGENTS = [{"role": "Agent", "target": f"m{n}"} for n in range(40)]
ISSUES = [
    {**TALKS[5], "id": f"v{n}", "arguments": [{"role": "Issue", "target": f"v{(n + 1) % 5_000}"}]}
    for n in range(5_000)
]
CROWDS = {
    "names": {"mentions": [{**m, "type": f"T{n}"} for n, m in enumerate(PEOPLE)]},
    "repeats": {"events": [*TALKS[:2_500], *({**v, "id": f"w{v['id']}"} for v in TALKS[:2_500])]},
    "contents": {"mentions": PEOPLE, "attributions": SAID},
    "chain": {
        "mentions": PEOPLE,
        "attributions": [{**a, "parent": f"a{n}"} for n, a in enumerate(SAID[1:])] + SAID[:1],
    },
    "arguments": {"mentions": PEOPLE[:50], "events": [{**TALKS[0], "arguments": AGENTS * 5_000}]},
    "issues": {"events": ISSUES},
    "sources": {
        "mentions": PEOPLE,
        "events": TALKS,
        "attributions": [{**SAID[0], "sources": [m["id"] for m in PEOPLE]}],
    },
    "claims": {"mentions": PEOPLE, "events": TALKS, "attributions": SAID},
    "statements": {
        "mentions": PEOPLE,
        "events": [{**TALKS[5], "id": f"v{n}", "arguments": AGENTS} for n in range(5_000)],
        "attributions": SAID[:200],
    },
}
MEASURED = """
import resource, sys
from dateline.cli import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@pytest.mark.long
@pytest.mark.parametrize("crowd", CROWDS)
def test_a_crowded_article_is_scored_in_bounded_time_and_memory(tmp_path, crowd):
    gold, path = tmp_path / "gold.jsonl", tmp_path / "pred.jsonl"
    gold.write_bytes(b"".join(encode_lines(GOLDS[:1])))
    path.write_text(json.dumps({"id": GOLDS[0].id, **CROWDS[crowd]}))
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "score", path, "--gold", gold],
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS_CROWDED,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    assert int(done.stderr.splitlines()[-1]) / unit < MOST_MEGABYTES


@settings(max_examples=100, **UNHURRIED)
@given(st.randoms(use_true_random=False))
def test_mutated_columns(tmp_path_factory, draw):
    path = tmp_path_factory.mktemp("fuzz") / "pred.conll"
    write_columns(path, GOLDS, gold_tags(*GOLDS))
    path.write_bytes(mutate_bytes(path.read_bytes(), draw))
    for repair in (False, True):
        with contextlib.suppress(DatelineError):
            score_bio(path, GOLDS, repair=repair)
