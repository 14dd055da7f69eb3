"""Spike-and-slab Bayesian neural networks: estimators that run the command ``bnnc``, and models that it has exported."""

from ._command import BnncError
from ._estimators import SpikeSlabClassifier, SpikeSlabRegressor
from ._model import Model, load

__all__ = ["BnncError", "Model", "SpikeSlabClassifier", "SpikeSlabRegressor", "load"]
__version__ = "0.1.0"
