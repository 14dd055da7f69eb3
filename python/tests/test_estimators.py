"""The estimators on tables with a planted truth: small networks, so that each fit takes seconds."""

import os
import pickle
from pathlib import Path

import numpy as np
import pandas
import polars
import pytest
from bnnc import BnncError, SpikeSlabClassifier, SpikeSlabRegressor, load
from sklearn.base import clone
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

QUICK = {"inclusion.rescues": 0, "train.reference": False}
SMALL = {"search_steps": 0, "epochs": 100, "restarts": 1, "hidden": [4], "jobs": 1, "random_state": 1, "settings": QUICK}


def planted(rows=200):
    """y = 2 a - 3 b + .3 noise; c has no part in it."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(rows, 3))
    return X, 2 * X[:, 0] - 3 * X[:, 1] + 0.3 * rng.normal(size=rows)


@pytest.fixture(scope="module")
def regressor():
    return SpikeSlabRegressor(**{**SMALL, "epochs": 2000}).fit(*planted())


def test_selects_what_was_planted(regressor):
    X, y = planted()
    assert regressor.get_support().tolist() == [True, True, False]
    assert regressor.transform(X).shape == (200, 2)
    assert regressor.get_feature_names_out().tolist() == ["x0", "x1"]
    # The noise leaves R^2 = 1 - .09 / 13.09 to be had.
    assert regressor.score(X, y) > 0.97


def test_intervals_hold_as_many_as_they_say(regressor):
    X, y = planted()
    interval = regressor.predict_interval(X, 0.8)
    share = np.mean((y >= interval[:, 0]) & (y <= interval[:, 1]))
    # A share of 200 rows has a standard error of .028.
    assert abs(share - 0.8) < 0.12
    assert np.allclose(regressor.predict_quantiles(X, [0.1, 0.9]), interval)


def test_is_pickled_and_cloned(regressor):
    X, _ = planted()
    assert (pickle.loads(pickle.dumps(regressor)).predict(X) == regressor.predict(X)).all()
    assert clone(regressor).get_params() == regressor.get_params()


def test_exports_a_model_that_onnxruntime_predicts(regressor, tmp_path):
    X, _ = planted()
    regressor.export(tmp_path / "small")
    model = load(tmp_path / "small")
    assert model.inputs == ["x0", "x1"] and model.task == "regression"
    mean = model.predict(X[:, :2])
    assert np.sqrt(np.mean((mean - regressor.predict(X)) ** 2)) < 0.1
    # Of y - mean ~ N(0, sd^2): the bounds of 80 % are 1.2816 sd away.
    interval = model.predict_interval(X[:, :2], 0.8)
    assert np.allclose(interval - mean[:, None], np.array([-1, 1]) * 1.2815515655 * model.noise["sd"])


def test_frames_and_arrays_come_to_the_same():
    X, y = planted(80)
    fits = [SpikeSlabRegressor(**{**SMALL, "epochs": 20}).fit(each, y) for each in (
        X, pandas.DataFrame(X, columns=["x0", "x1", "x2"]), polars.DataFrame(X, schema=["x0", "x1", "x2"]))]
    assert [fit.pip_.tolist() for fit in fits[1:]] == [fits[0].pip_.tolist()] * 2
    assert list(fits[1].feature_names_in_) == ["x0", "x1", "x2"]


def test_classes_of_a_frame_with_texts_and_missing_cells():
    data = pandas.read_csv(Path(__file__).parents[2] / "datasets" / "penguins.csv")
    X, y = data.drop(columns="species"), data["species"]
    fitted = SpikeSlabClassifier(**{**SMALL, "epochs": 200}).fit(X, y)
    assert fitted.classes_.tolist() == ["Adelie", "Chinstrap", "Gentoo"]
    assert fitted.score(X, y) > 0.95
    assert np.allclose(fitted.predict_proba(X).sum(axis=1), 1)
    numbered = SpikeSlabClassifier(**{**SMALL, "epochs": 20}).fit(X, y == "Gentoo")
    assert numbered.classes_.tolist() == [False, True] and numbered.predict(X).dtype == bool


def test_weights_count_as_repeated_rows():
    X, y = planted(60)
    weights = np.arange(60) % 3
    small = {**SMALL, "epochs": 20, "settings": {**QUICK, "data.weightScale": "none"}}
    weighted = SpikeSlabRegressor(**small).fit(X, y, sample_weight=weights)
    repeated = SpikeSlabRegressor(**small).fit(np.repeat(X, weights, axis=0), np.repeat(y, weights))
    assert np.abs(weighted.predict(X) - repeated.predict(X)).mean() < 0.05


def test_a_pipeline_selects_for_another_estimator():
    X, y = planted()
    assert make_pipeline(SpikeSlabRegressor(**SMALL), Ridge()).fit(X, y).score(X, y) > 0.97


def test_errors_of_the_command_are_told(monkeypatch):
    X, y = planted(20)
    with pytest.raises(BnncError, match="Did you mean 'train.epochs'") as told:
        SpikeSlabRegressor(settings={"train.epoch": 3}).fit(X, y)
    assert told.value.code == "config.unknown-key"
    monkeypatch.setenv("BNNC", os.devnull + "/nothing")
    with pytest.raises(BnncError, match="was not found"):
        SpikeSlabRegressor().fit(X, y)
