"""The two learners: a linear-chain CRF for sequences, a linear classifier for choices.

Both are deterministic: the same examples in the same order give the same bytes.
Nothing is ever unpickled: CRFs load in CRFsuite's own format, classifiers through
skops, which builds only the types on an explicit list.
"""

# pyright: reportUnknownParameterType=false, reportMissingTypeArgument=false
# python-crfsuite, scikit-learn and skops ship no types.

from __future__ import annotations

import io
import json
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pycrfsuite
import skops.io
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

Features = list[str]
_crfsuite: Final[Any] = pycrfsuite  # a compiled module without stubs
TRUSTED: Final[list[str]] = []  # skops' own list (scikit-learn, numpy, builtins) is enough


class Crf:
    """Linear-chain CRF over string features (CRFsuite, L-BFGS, elastic net)."""

    def __init__(self, *, c1: float = 0.01, c2: float = 0.01, iterations: int = 60) -> None:
        self._params = {"c1": c1, "c2": c2, "max_iterations": iterations}
        self._tagger: Any = None
        self._bytes = b""
        self.labels: list[str] = []

    def train(self, sequences: Iterable[tuple[Sequence[Features], Sequence[str]]]) -> None:
        """Fit to (features per token, label per token) pairs; no pair, no model."""
        trainer: Any = _crfsuite.Trainer(verbose=False)
        trainer.select("lbfgs", "crf1d")
        trainer.set_params({**self._params, "feature.possible_transitions": True})
        empty = True
        for features, labels in sequences:
            if labels:
                trainer.append(_crfsuite.ItemSequence(features), list(labels))
                empty = False
        if empty:
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model"
            trainer.train(str(path))
            self._open(path.read_bytes())

    def marginals(self, features: Sequence[Features]) -> list[dict[str, float]]:
        """Per token, the probability of every label; empty dicts without a model."""
        if self._tagger is None or not features:
            return [{} for _ in features]
        self._tagger.set(_crfsuite.ItemSequence(features))
        marginal = self._tagger.marginal
        return [{y: marginal(y, i) for y in self.labels} for i in range(len(features))]

    def tag(self, features: Sequence[Features]) -> list[str]:
        """The best label sequence; all "O" without a model."""
        if self._tagger is None or not features:
            return ["O"] * len(features)
        return list(self._tagger.tag(_crfsuite.ItemSequence(features)))

    def save(self, path: Path) -> None:
        path.write_bytes(self._bytes)

    def load(self, path: Path) -> None:
        data = path.read_bytes()
        if data:
            self._open(data)

    def _open(self, data: bytes) -> None:
        tagger: Any = _crfsuite.Tagger()
        tagger.open_inmemory(data)
        self._bytes, self._tagger, self.labels = data, tagger, sorted(tagger.labels())


class Choice:
    """Multinomial logistic regression over sparse string features."""

    def __init__(self, *, c: float = 1.0) -> None:
        self._c = c
        self._model: Any = None
        self._columns: dict[str, int] = {}
        self._weights: NDArray[np.float64] = np.zeros((0, 0))
        self.labels: list[str] = []

    def train(self, examples: Sequence[tuple[Features, str]]) -> None:
        """Fit to (features, label) pairs. A single label is learned as a constant."""
        self.labels = sorted({label for _, label in examples})
        if len(self.labels) < 2:
            return
        vectorizer = DictVectorizer()
        rows = vectorizer.fit_transform([dict.fromkeys(f, 1.0) for f, _ in examples])
        self._model = LogisticRegression(C=self._c, max_iter=200)
        # One thread: on matrices this small more only wait for each other, and the
        # order of sums must not depend on the machine.
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # stopping after 200 steps is the intended limit
            self._model.fit(rows, [label for _, label in examples])
        self._read(list(vectorizer.feature_names_))

    def _read(self, names: Sequence[str]) -> None:
        """Lay out the model's weights per feature: shape (features, labels or 1)."""
        self._columns = {name: i for i, name in enumerate(names)}
        self._weights = np.ascontiguousarray(self._model.coef_.T)

    def probabilities(self, examples: Sequence[Features]) -> list[dict[str, float]]:
        """Per example, the probability of every label; empty dicts without training."""
        if not examples or not self.labels:
            return [{} for _ in examples]
        if self._model is None:
            return [{self.labels[0]: 1.0} for _ in examples]
        return [self._softmax(features) for features in examples]

    def _softmax(self, features: Features) -> dict[str, float]:
        """scikit-learn's `predict_proba` for one row, without its checks of every call."""
        columns = [self._columns[f] for f in set(features) if f in self._columns]
        scores = self._weights[columns].sum(axis=0) + self._model.intercept_
        if len(scores) == 1:
            scores = np.array([0.0, scores[0]])
        odds = np.exp(scores - scores.max())
        return dict(zip(self.labels, (odds / odds.sum()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        state = {"labels": self.labels, "features": list(self._columns)}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            _put(archive, "names.json", json.dumps(state, ensure_ascii=False).encode())
            if self._model is not None:
                _put(archive, "model.skops", _canonical(skops.io.dumps(self._model)))

    def load(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            state: dict[str, Any] = json.loads(archive.read("names.json"))
            self.labels = state["labels"]
            if "model.skops" not in archive.namelist():
                return
            self._model = skops.io.loads(archive.read("model.skops"), trusted=TRUSTED)
        self._read(state["features"])


def best(probabilities: Mapping[str, float], default: str) -> str:
    """The likeliest label, the alphabetically first of equals."""
    if not probabilities:
        return default
    return max(sorted(probabilities), key=lambda label: probabilities[label])


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a member with a fixed date, so that equal models are equal files."""
    archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def _canonical(data: bytes) -> bytes:
    """The same skops archive with numbered ids and a fixed date.

    skops names members by memory address and stamps them with the time.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        schema = source.read("schema.json").decode()
        numbers: dict[str, str] = {}
        for found in re.findall(r'"__id__": (\d+)', schema):
            numbers.setdefault(found, str(len(numbers)))
        schema = re.sub(r'("__id__": |"file": ")(\d+)', lambda m: m[1] + numbers[m[2]], schema)
        for name in source.namelist():
            if name != "schema.json":
                stem, dot, suffix = name.partition(".")
                _put(target, numbers[stem] + dot + suffix, source.read(name))
        _put(target, "schema.json", schema.encode())
    return out.getvalue()
