"""Tables as the command reads them: frames as Parquet, arrays as CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np


def column_names(width: int) -> list[str]:
    """Names of the columns of an array."""
    return [f"x{at}" for at in range(width)]


def is_frame(X) -> bool:
    """Whether X is a frame of pandas or polars."""
    return _kind(X) is not None


def _kind(X) -> str | None:
    module = type(X).__module__.split(".")[0]
    return module if module in ("pandas", "polars") and hasattr(X, "columns") else None


def write_table(folder: str, name: str, X, further: dict[str, np.ndarray] | None = None) -> str:
    """Writes X and further columns beside it; gives the path. A frame keeps its kinds of columns."""
    further = further or {}
    kind = _kind(X)
    if kind == "pandas" and _has_pyarrow():
        path = Path(folder, f"{name}.parquet")
        X.assign(**further).reset_index(drop=True).to_parquet(path, index=False)
        return str(path)
    if kind == "polars":
        import polars

        path = Path(folder, f"{name}.parquet")
        X.with_columns(**{key: polars.Series(values) for key, values in further.items()}).write_parquet(path)
        return str(path)
    path = Path(folder, f"{name}.csv")
    if kind == "pandas":
        X.assign(**further).to_csv(path, index=False)
        return str(path)
    array = np.asarray(X)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*column_names(array.shape[1]), *further])
        columns = list(further.values())
        for at, row in enumerate(array):
            writer.writerow([*map(_cell, row), *(_cell(values[at]) for values in columns)])
    return str(path)


def _cell(value) -> str:
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, (float, np.floating)) and np.isnan(value)):
        return ""
    # repr has all digits of a number.
    return repr(float(value)) if isinstance(value, (float, np.floating)) else str(value)


def _has_pyarrow() -> bool:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        return False
    return True
