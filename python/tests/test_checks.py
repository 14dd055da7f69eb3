"""The checks that scikit-learn has for estimators. Those of QUICK run always, all of them with BNNC_ALL_CHECKS=1 (ten minutes)."""

import os

import pytest
from bnnc import SpikeSlabClassifier, SpikeSlabRegressor
from sklearn.utils.estimator_checks import parametrize_with_checks

SMALL = {
    "search_steps": 0, "epochs": 20, "restarts": 1, "hidden": [2], "jobs": 1, "random_state": 0,
    "settings": {"inclusion.rescues": 0, "train.reference": False, "inclusion.draws": 2},
}

#: Checks that start the command once at most.
QUICK = {
    "check_complex_data", "check_do_not_raise_errors_in_init_or_set_param", "check_estimator_cloneable", "check_estimator_repr",
    "check_estimator_sparse_tag", "check_estimator_tags_renamed", "check_estimators_empty_data_messages",
    "check_estimators_unfitted", "check_get_params_invariance", "check_mixin_order", "check_no_attributes_set_in_init",
    "check_parameters_default_constructible", "check_requires_y_none", "check_set_params", "check_supervised_y_no_nan",
    "check_valid_tag_types",
}

_WEIGHTS = "weights are scaled to a mean of 1, and random draws depend on the rows: fits agree within their noise, not to 7 digits"
EXPECTED = {"check_sample_weight_equivalence_on_dense_data": _WEIGHTS, "check_sample_weight_equivalence_on_sparse_data": _WEIGHTS}


@parametrize_with_checks(
    [SpikeSlabClassifier(**SMALL), SpikeSlabRegressor(**SMALL)], expected_failed_checks=lambda estimator: EXPECTED)
def test_scikit_learn(estimator, check):
    if check.func.__name__ not in QUICK and "BNNC_ALL_CHECKS" not in os.environ:
        pytest.skip("BNNC_ALL_CHECKS runs it")
    check(estimator)
