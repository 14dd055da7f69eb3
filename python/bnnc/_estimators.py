"""Estimators in the manner of scikit-learn. Training and prediction are done by the command ``bnnc``."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from numbers import Integral
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.feature_selection import SelectorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    _check_feature_names,
    _check_n_features,
    _check_sample_weight,
    check_is_fitted,
    validate_data,
)

from ._command import command_words, run
from ._tables import column_names, is_frame, write_table

_RUN = "run"


class _SpikeSlab(SelectorMixin, BaseEstimator):
    """What both estimators have in common.

    Parameters
    ----------
    hidden : sequence of int, optional
        Units of each hidden layer; an empty one is a linear model. Default: the command's.
    threshold : float
        Inputs with at least this posterior inclusion probability (PIP) are selected.
    restarts, epochs, search_steps : int, optional
        ``train.restarts``, ``train.epochs`` and ``search.steps`` of the config. Default: the command's.
    settings : dict, optional
        Further keys of the config (docs/config.md), such as ``{"prior.slabScale": 1}``.
    jobs : int or "auto"
        Fits made at once; results do not depend on it.
    random_state : int, RandomState or None
        Seed of every random draw of the command.
    command : str or sequence of str, optional
        How the command is called. Default: the variable ``BNNC``, else ``bnnc``.
    """

    _task: str

    def __init__(
        self, *, hidden=None, threshold=0.5, restarts=None, epochs=None, search_steps=None, settings=None, jobs="auto",
        random_state=None, command=None,
    ):
        self.hidden = hidden
        self.threshold = threshold
        self.restarts = restarts
        self.epochs = epochs
        self.search_steps = search_steps
        self.settings = settings
        self.jobs = jobs
        self.random_state = random_state
        self.command = command

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def _checked(self, X, *, reset: bool):
        """X as the command reads it: a frame stays as it is, whatever else becomes an array."""
        if is_frame(X):
            _check_feature_names(self, X, reset=reset)
            _check_n_features(self, X, reset=reset)
            if reset and (X.shape[0] < 2 or X.shape[1] < 1):
                raise ValueError(f"Found array with {X.shape[0]} sample(s) (shape={X.shape}) while a minimum of 2 is required.")
            return X
        dtype = None if getattr(np.asarray(X), "dtype", None) is not None and np.asarray(X).dtype.kind in "OUS" else "numeric"
        return validate_data(
            self, X, reset=reset, dtype=dtype, ensure_all_finite="allow-nan", ensure_min_samples=2 if reset else 1,
        )

    def _names(self) -> list[str]:
        return list(self.feature_names_in_) if hasattr(self, "feature_names_in_") else column_names(self.n_features_in_)

    def _free_name(self, wanted: str) -> str:
        names = set(self._names())
        while wanted in names:
            wanted += "_"
        return wanted

    def _train(self, X, y: np.ndarray, sample_weight) -> None:
        words = command_words(self.command)
        self._target = self._free_name("target")
        further = {self._target: y}
        settings = {"data.split.test": 0, "data.split.validation": 0, "data.task": self._task_of(y), **(self.settings or {})}
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
            column = self._free_name("weight")
            kept = weights > 0
            if not kept.any():
                raise ValueError("every sample weight is 0")
            X, further = _rows(X, kept), {self._target: y[kept], column: weights[kept]}
            settings["data.weights"] = column
        for key, value in (
            ("train.restarts", self.restarts), ("train.epochs", self.epochs), ("search.steps", self.search_steps),
            ("model.hidden", None if self.hidden is None else [int(units) for units in self.hidden]),
        ):
            if value is not None:
                settings[key] = value
        seed = self.random_state
        if not isinstance(seed, Integral):
            seed = int(check_random_state(seed).randint(2**31 - 1))
        with tempfile.TemporaryDirectory(prefix="bnnc-") as folder:
            table = write_table(folder, "table", X, further)
            arguments = ["train", "--data", table, "--target", self._target, "--seed", str(int(seed)), "--jobs", str(self.jobs)]
            for key, value in settings.items():
                arguments += ["--set", f"{key}={value if isinstance(value, str) else json.dumps(value)}"]
            document = run(words, [*arguments, "-o", str(Path(folder, _RUN)), "--json", "-q"])
            self.metrics_ = json.loads(document)["metrics"]
            with open(Path(folder, _RUN, "inclusion", "inputs.csv"), newline="", encoding="utf-8") as file:
                pips = {row["input"]: float(row["pip"]) for row in csv.DictReader(file)}
            self.pip_ = np.array([pips.get(name, 0.0) for name in self._names()])
            self._run = _packed(Path(folder, _RUN))

    def _predicted(self, X, *options: str) -> list[dict]:
        """What ``bnnc predict`` prints of each row for the full posterior."""
        check_is_fitted(self, "pip_")
        X = self._checked(X, reset=False)
        with tempfile.TemporaryDirectory(prefix="bnnc-") as folder:
            _unpacked(self._run, Path(folder, _RUN))
            table = write_table(folder, "rows", X)
            out = run(command_words(self.command), ["predict", str(Path(folder, _RUN)), table, "--json", "-q", *options])
        return [json.loads(line) for line in out.splitlines()]

    def _get_support_mask(self):
        check_is_fitted(self, "pip_")
        return self.pip_ >= self.threshold

    def export(self, folder, formats=("json", "onnx"), threshold=None) -> None:
        """Writes the pruned network into a folder, as ``bnnc prune`` does; ONNX takes the columns of the table.

        Parameters
        ----------
        folder : path
            A folder that is not there yet.
        formats : sequence of str
            Some of ``json``, ``safetensors``, ``onnx``, ``js``, ``tfjs``, ``savedmodel``.
        threshold : float, optional
            PIP from which on something is kept. Default: that of the estimator.
        """
        check_is_fitted(self, "pip_")
        with tempfile.TemporaryDirectory(prefix="bnnc-") as temporary:
            _unpacked(self._run, Path(temporary, _RUN))
            given = ["--onnx-input", "raw"] if "onnx" in formats else []
            run(command_words(self.command), [
                "prune", str(Path(temporary, _RUN)), "--threshold", str(self.threshold if threshold is None else threshold),
                "--format", ",".join(formats), *given, "-o", str(Path(folder).resolve()), "--json", "-q",
            ])


class SpikeSlabRegressor(RegressorMixin, _SpikeSlab):
    __doc__ = """A number, predicted by a spike-and-slab Bayesian neural network.

    ``task`` may be ``regression``, ``student`` (noise with heavy tails), ``varying`` (noise that depends on the inputs),
    ``log-regression`` or ``counts``.
    """ + (_SpikeSlab.__doc__ or "").partition("\n")[2]

    def __init__(
        self, *, task="regression", hidden=None, threshold=0.5, restarts=None, epochs=None, search_steps=None, settings=None,
        jobs="auto", random_state=None, command=None,
    ):
        super().__init__(
            hidden=hidden, threshold=threshold, restarts=restarts, epochs=epochs, search_steps=search_steps, settings=settings,
            jobs=jobs, random_state=random_state, command=command,
        )
        self.task = task

    def _task_of(self, y) -> str:
        return self.task

    def fit(self, X, y, sample_weight=None):
        """Trains on all rows. X: array or frame [n, p]; y: [n]; sample_weight: [n], how much each row counts."""
        X = self._checked(X, reset=True)
        y = _target(y, X, numeric=True)
        self._train(X, y, sample_weight)
        return self

    def predict(self, X):
        """Mean of the predictive distribution, [n]."""
        return np.array([row["value"] for row in self._predicted(X)])

    def predict_interval(self, X, level=0.9):
        """Central predictive interval of this probability, [n, 2]: noise and what is not known of the weights."""
        rows = self._predicted(X, "--interval", repr(float(level)))
        return np.array([[row["interval"]["lower"], row["interval"]["upper"]] for row in rows])

    def predict_quantiles(self, X, quantiles):
        """Quantiles of the predictive distribution, [n, number of quantiles]."""
        asked = [float(p) for p in quantiles]
        rows = self._predicted(X, "--quantiles", ",".join(map(repr, asked)))
        # By the number, not by its text: 0.0001 and 1e-4 are the same quantile.
        found = [{float(p): value for p, value in row["quantiles"].items()} for row in rows]
        return np.array([[row[p] for p in asked] for row in found])


class SpikeSlabClassifier(ClassifierMixin, _SpikeSlab):
    __doc__ = "A class, predicted by a spike-and-slab Bayesian neural network.\n" + (_SpikeSlab.__doc__ or "").partition("\n")[2]

    def _task_of(self, y) -> str:
        return "binary" if len(self.classes_) == 2 else "multiclass"

    def fit(self, X, y, sample_weight=None):
        """Trains on all rows. X: array or frame [n, p]; y: [n] of at least two classes; sample_weight: [n]."""
        X = self._checked(X, reset=True)
        y = _target(y, X, numeric=False)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("Classifier can't train when only one class is present.")
        self._train(X, np.array(_level_names(self.classes_), dtype=object)[labels], sample_weight)
        return self

    def predict_proba(self, X):
        """Probabilities of the classes, [n, K], in the order of ``classes_``."""
        rows = self._predicted(X)
        names = _level_names(self.classes_)
        # A class whose rows have no weight is none for the command.
        return np.array([[row["probabilities"].get(name, 0.0) for name in names] for row in rows])

    def predict(self, X):
        """The likeliest class, [n]."""
        likeliest = np.argmax(self.predict_proba(X), axis=1)
        return self.classes_[likeliest]


#: Texts that the command takes for a missing cell or a truth value.
_WORDS = {"na", "n_a", "nan", "null", "none", "true", "false", "yes", "no", "t", "f", "y", "n"}


def _level_names(classes: np.ndarray) -> list[str]:
    """What the classes are called in the table: as they are where they are plain words, else ``c0``, ``c1`` ..."""
    plain = all(isinstance(each, str) and re.fullmatch(r"[A-Za-z_]\w*", each) and each.lower() not in _WORDS for each in classes)
    return [str(each) for each in classes] if plain else [f"c{at:0{len(str(len(classes) - 1))}d}" for at in range(len(classes))]


def _target(y, X, *, numeric: bool) -> np.ndarray:
    from sklearn.utils import check_consistent_length, column_or_1d

    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None.")
    y = column_or_1d(y, warn=True)
    if numeric:
        y = np.asarray(y, dtype=float)
        if not np.isfinite(y).all():
            raise ValueError("Input y contains NaN or infinity.")
    check_consistent_length(X, y)
    return y


def _rows(X, kept: np.ndarray):
    if type(X).__module__.split(".")[0] == "polars":
        import polars

        return X.filter(polars.Series(kept))
    return X[kept]


def _packed(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return buffer.getvalue()


def _unpacked(content: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
