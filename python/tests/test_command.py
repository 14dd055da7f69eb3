"""What happens to the command, its folders and its errors."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import joblib
import numpy as np
import pandas
import pytest
from bnnc import BnncError, SpikeSlabClassifier, SpikeSlabRegressor, load
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, ShuffleSplit

SMALL = {
    "search_steps": 0, "epochs": 20, "restarts": 1, "hidden": [2], "jobs": 1, "random_state": 1,
    "settings": {"inclusion.rescues": 0, "train.reference": False},
}

LONG = """
import numpy as np
from bnnc import SpikeSlabRegressor
rng = np.random.default_rng(1)
SpikeSlabRegressor(epochs=1000000).fit(rng.normal(size=(200, 5)), rng.normal(size=200))
"""


def rows(count=60):
    """y = a - b + .1 noise; b has whole numbers, some of them missing."""
    rng = np.random.default_rng(2)
    X = pandas.DataFrame({"a": rng.normal(size=count), "b": pandas.array(rng.integers(0, 50, count), dtype="Int64")})
    y = X["a"] - X["b"].to_numpy(dtype=float) / 10 + 0.1 * rng.normal(size=count)
    X.loc[:4, "b"] = pandas.NA
    return X, y


@pytest.fixture(scope="module")
def fitted():
    return SpikeSlabRegressor(**{**SMALL, "threshold": 0}).fit(*rows())


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_the_command_and_leaves_no_folder(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", LONG], env={**os.environ, "TMPDIR": str(tmp_path)}, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:
        end = time.monotonic() + 60
        # The run is there as soon as the command is at work.
        while not list(tmp_path.glob("bnnc-*/run*")) and time.monotonic() < end:
            time.sleep(0.05)
        assert list(tmp_path.glob("bnnc-*/run*"))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert err.strip().endswith("KeyboardInterrupt")
    assert list(tmp_path.iterdir()) == []
    # Whoever else was in the session goes, too: workers hear of it from the command, a moment later.
    with pytest.raises(ProcessLookupError):
        while time.monotonic() < end + 60:
            os.killpg(process.pid, 0)
            time.sleep(0.05)


def test_stands_in_a_search_over_settings_and_in_joblib(tmp_path):
    X, y = rows()
    once = ShuffleSplit(n_splits=1, test_size=0.5, random_state=1)
    search = GridSearchCV(SpikeSlabRegressor(**SMALL), {"threshold": [0.5]}, cv=once).fit(X, y)
    joblib.dump(search.best_estimator_, tmp_path / "model")
    assert (joblib.load(tmp_path / "model").predict(X) == search.predict(X)).all()


def test_errors_of_predictions_have_code_and_message(fitted):
    X, _ = rows()
    with pytest.raises(BnncError, match="must be a number between 0 and 1") as told:
        fitted.predict_interval(X, 1.5)
    assert told.value.code == "usage.arguments"


def test_an_estimator_that_is_not_fitted_says_so():
    for estimator in (SpikeSlabClassifier(), SpikeSlabRegressor()):
        with pytest.raises(NotFittedError):
            estimator.predict(rows()[0])


def test_loaded_models_take_missing_cells_of_pandas_and_refuse_levels_beyond_1(fitted, tmp_path):
    X, _ = rows()
    fitted.export(tmp_path / "all")
    model = load(tmp_path / "all")
    assert model.inputs == ["a", "b"]
    assert (model.predict(X) == model.predict(X.astype({"b": float}))).all()
    for refused in (lambda: model.predict_interval(X, 1.5), lambda: model.predict_quantiles(X, [0])):
        with pytest.raises(ValueError, match="between 0 and 1"):
            refused()
    with pytest.raises(FileNotFoundError, match="bnnc prune"):
        load(tmp_path / "nothing")
