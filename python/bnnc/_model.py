"""Exported models, predicted by onnxruntime; the command is not needed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np


def load(path) -> Model:
    """Opens an ONNX export.

    Parameters
    ----------
    path : path
        ``model.onnx``, or the folder that ``bnnc prune --format onnx --onnx-input raw`` has written.
    """
    return Model(path)


class Model:
    """A network with posterior means of the kept weights.

    Attributes
    ----------
    inputs : list of str
        Columns that it reads.
    task, target : str
        What it predicts.
    classes : list of str or None
    noise : dict, list of dict or None
        How the target lies about the prediction (docs/formats.md).
    """

    def __init__(self, path):
        import onnxruntime

        path = Path(path)
        file = path / "model.onnx" if path.is_dir() else path
        if not file.is_file():
            raise FileNotFoundError(f"there is no {file}: bnnc prune --format onnx --onnx-input raw writes one")
        self._session = onnxruntime.InferenceSession(str(file))
        about = self._session.get_modelmeta().custom_metadata_map
        self._inputs = json.loads(about["raw_inputs"]) if "raw_inputs" in about else []
        if not self._inputs and self._session.get_inputs()[0].shape[-1] not in (0, None):
            raise ValueError("this model reads encoded columns: export it with --onnx-input raw")
        self.inputs = [each["column"] for each in self._inputs]
        self.task, self.target = about["task"], about["target"]
        self.classes = json.loads(about["classes"]) if "classes" in about else None
        self.noise = json.loads(about["noise"]) if "noise" in about else None
        self._missing = {"", *json.loads(about["missing"])}

    def _outputs(self, X) -> dict[str, np.ndarray]:
        cells = {}
        columns = {each["name"]: each["column"] for each in self._inputs}
        for given in self._session.get_inputs():
            if given.name not in columns:
                cells[given.name] = np.zeros((len(X), 0), np.float32)
                continue
            values = _column(X, columns[given.name], self.inputs)
            dtype = {"tensor(float)": np.float32, "tensor(double)": np.float64}.get(given.type)
            read = [self._number(value) for value in values] if dtype else [self._text(value) for value in values]
            cells[given.name] = np.array(read, dtype or object).reshape(-1, 1)
        names = [output.name for output in self._session.get_outputs()]
        return dict(zip(names, self._session.run(None, cells)))

    def _number(self, value) -> float:
        if isinstance(value, str):
            text = value.strip()
            return float("nan") if text in self._missing else float(text.rstrip(" %"))
        return float("nan") if _is_missing(value) else float(value)

    def _text(self, value) -> str:
        if _is_missing(value):
            return ""
        if isinstance(value, (bool, np.bool_)):
            return str(value).lower()
        if isinstance(value, (float, np.floating)) and float(value).is_integer():
            return str(int(value))
        return str(value).strip()

    def predict(self, X) -> np.ndarray:
        """Predictions [n], of several targets [n, T], of classes their names. X: frame, or array in the order of ``inputs``."""
        outputs = self._outputs(X)
        if self.classes is not None:
            return np.array(self.classes, dtype=object)[np.argmax(outputs["probabilities"], axis=1)]
        mean = outputs["prediction"].astype(float)
        return mean[:, 0] if mean.shape[1] == 1 else mean

    def predict_proba(self, X) -> np.ndarray:
        """Probabilities of the classes, [n, K]."""
        if self.classes is None:
            raise AttributeError("this model predicts a number")
        return self._outputs(X)["probabilities"].astype(float)

    def predict_quantiles(self, X, quantiles) -> np.ndarray:
        """Quantiles of the noise about the prediction, [n, number of quantiles], of several targets [n, T, number].

        The weights are at their posterior means: what is not known of them is not in it, and ``bnnc predict`` has wider bounds.
        """
        ps = np.asarray(quantiles, dtype=float)
        if not ((ps > 0) & (ps < 1)).all():
            raise ValueError(f"quantiles lie between 0 and 1, not at {quantiles}")
        if self.noise is None:
            raise AttributeError("this model says nothing of the noise about its predictions")
        outputs = self._outputs(X)
        mean = outputs["prediction"].astype(float)
        each = self.noise if isinstance(self.noise, list) else [self.noise]
        of = [_quantiles(noise, mean[:, [k]], outputs.get("noise"), ps) for k, noise in enumerate(each)]
        return of[0] if len(of) == 1 else np.stack(of, axis=1)

    def predict_interval(self, X, level=0.9) -> np.ndarray:
        """The central interval of this probability, as quantiles: [n, 2], of several targets [n, T, 2]."""
        if not 0 < level < 1:
            raise ValueError(f"the level of an interval lies between 0 and 1, not at {level}")
        return self.predict_quantiles(X, [(1 - level) / 2, (1 + level) / 2])


def _quantiles(noise: dict, m: np.ndarray, varying: np.ndarray | None, p: np.ndarray) -> np.ndarray:
    """m [n, 1] and p [q] give [n, q]."""
    from scipy import stats

    kind = noise["distribution"]
    if kind == "normal":
        return m + stats.norm.ppf(p) * (noise["sd"] if "sd" in noise else varying.astype(float))
    if kind == "student":
        return m + stats.t.ppf(p, noise["degrees"]) * noise["scale"]
    if kind == "log-normal":
        shift = noise["sd"] ** 2 / 2 if noise["prediction"] == "mean" else 0
        return m * np.exp(stats.norm.ppf(p) * noise["sd"] - shift)
    if kind == "weibull":
        return m * (np.log1p(-p) / np.log(0.5)) ** (1 / noise["shape"])
    if kind == "poisson":
        return stats.poisson.ppf(p, m)
    if kind == "negative-binomial":
        size = 1 / noise["dispersion"]
        return stats.nbinom.ppf(p, size, size / (size + m))
    raise ValueError(f"the distribution {kind} is not known: a newer bnnc has made this model")


def _is_missing(value) -> bool:
    """None, NaN, and the NA and NaT of pandas. NaN and NaT do not equal themselves; NA has no truth value."""
    return value is None or type(value).__name__ == "NAType" or bool(value != value)


def _column(X, name: str, inputs: list[str]):
    if hasattr(X, "columns"):
        if name not in X.columns:
            raise KeyError(f"the table has no column '{name}'")
        return X[name].to_list()
    array = np.asarray(X)
    if array.ndim != 2 or array.shape[1] != len(inputs):
        raise ValueError(f"an array needs the columns {inputs}, in this order")
    return list(array[:, inputs.index(name)])
