"""Tables of counts and of times, and what other tools reach on the rows that `bnnc` was held to.

    python bench/targets.py tables FOLDER           # the tables, as CSV, from packages that have them
    python bench/targets.py others TABLE.csv RUN TARGET [EVENT]   # figures on the rows of RUN/splits.csv, as one line of JSON

Needs scikit-learn, statsmodels, lifelines and scikit-survival.
"""
import csv
import json
import sys
import warnings
from pathlib import Path

import numpy
import pandas

warnings.simplefilter("ignore")


def tables(folder):
    """Writes each table with its target named `y` or `time` and `event`."""
    import lifelines.datasets as lifelines_data
    import sksurv.datasets as sksurv_data
    import statsmodels.api

    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)

    def survival(name, x, time, event):
        table = x.copy()
        table["time"] = numpy.asarray(time, dtype=float)
        table["event"] = numpy.asarray(event).astype(int)
        table[table["time"] > 0].to_csv(out / f"{name}.csv", index=False)

    rossi = lifelines_data.load_rossi()
    survival("rossi", rossi.drop(columns=["week", "arrest"]), rossi["week"], rossi["arrest"])
    lung = lifelines_data.load_lung()
    survival("lung", lung.drop(columns=["time", "status"]), lung["time"], lung["status"])
    for name, load in {
        "gbsg2": sksurv_data.load_gbsg2, "whas500": sksurv_data.load_whas500,
        "veterans": sksurv_data.load_veterans_lung_cancer, "metastasis": sksurv_data.load_breast_cancer,
    }.items():
        x, y = load()
        event, time = y.dtype.names
        survival(name, x, y[time], y[event])

    visits = statsmodels.api.datasets.randhie.load_pandas().data
    drawn = visits.sample(3000, random_state=1)
    drawn.rename(columns={"mdvis": "y"}).to_csv(out / "randhie.csv", index=False)
    affairs = statsmodels.api.datasets.fair.load_pandas().data
    affairs = affairs.sample(2000, random_state=1)
    # Hours a week in affairs over those years: what was asked for were classes of counts, so it is rounded.
    affairs["y"] = numpy.rint(affairs["affairs"] * affairs["yrs_married"]).astype(int)
    affairs.drop(columns=["affairs"]).to_csv(out / "affairs.csv", index=False)


def read(path, run, target, event=None):
    """The table, coded as numbers, and the rows of each part."""
    table = pandas.read_csv(path)
    with open(Path(run) / "splits.csv", newline="") as file:
        parts = [(int(row["row"]), row["split"]) for row in csv.DictReader(file)]
    drop = [target, event] if event else [target]
    x = pandas.get_dummies(table.drop(columns=drop), drop_first=True, dtype=float)
    seen = [row for row, part in parts if part != "test"]
    held = [row for row, part in parts if part == "test"]
    x = x.fillna(x.iloc[seen].median())
    mean, sd = x.iloc[seen].mean(), x.iloc[seen].std().replace(0, 1)
    x = (x - mean) / sd
    return x, table[target], table[event] if event else None, seen, held


def counts(x, y, seen, held):
    import statsmodels.api as sm
    from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
    from sklearn.linear_model import PoissonRegressor
    from sklearn.metrics import mean_poisson_deviance
    from sklearn.model_selection import GridSearchCV

    train, test = x.iloc[seen], x.iloc[held]
    ys, yt = y.iloc[seen], y.iloc[held]
    figure = lambda mean: mean_poisson_deviance(yt, numpy.maximum(mean, 1e-6))
    poisson = GridSearchCV(
        PoissonRegressor(max_iter=2000), {"alpha": numpy.logspace(-3, 2, 11)}, scoring="neg_mean_poisson_deviance", cv=5,
    ).fit(train, ys)
    told = {
        "PoissonRegressor": figure(poisson.predict(test)),
        "forest": figure(RandomForestRegressor(500, min_samples_leaf=5, random_state=1).fit(train, ys).predict(test)),
        "boosting": figure(HistGradientBoostingRegressor(loss="poisson", random_state=1).fit(train, ys).predict(test)),
        "no inputs": figure(numpy.full(len(held), ys.mean())),
    }
    try:
        fitted = sm.NegativeBinomial(ys, sm.add_constant(train)).fit(disp=0, maxiter=500)
        told["statsmodels"] = figure(fitted.predict(sm.add_constant(test)))
    except Exception as error:  # a fit of many inputs may be singular
        print("statsmodels:", error, file=sys.stderr)
    return {"metric": "deviance", **told}


def survival(x, time, event, seen, held):
    from lifelines import CoxPHFitter, WeibullAFTFitter
    from lifelines.utils import concordance_index
    from sksurv.ensemble import RandomSurvivalForest
    from sksurv.util import Surv

    train, test = x.iloc[seen], x.iloc[held]
    figure = lambda score: concordance_index(time.iloc[held], score, event.iloc[held])
    frame = train.assign(_time=time.iloc[seen], _event=event.iloc[seen])
    told = {"no inputs": 0.5}

    def penalised(make, score):
        """The penalty of the best concordance in five folds."""
        folds = numpy.random.RandomState(1).permutation(len(frame)) % 5
        values = {}
        for penalty in (0.01, 0.03, 0.1, 0.3, 1.0):
            try:
                values[penalty] = numpy.mean([
                    concordance_index(
                        frame[folds == k]["_time"],
                        score(make(penalty).fit(frame[folds != k], "_time", "_event"), frame[folds == k]),
                        frame[folds == k]["_event"],
                    ) for k in range(5)
                ])
            except Exception as error:
                print(penalty, error, file=sys.stderr)
        if not values:
            return None
        best = max(values, key=values.get)
        return figure(score(make(best).fit(frame, "_time", "_event"), test))

    told["Cox"] = penalised(lambda p: CoxPHFitter(penalizer=p), lambda m, rows: -m.predict_partial_hazard(rows))
    told["Weibull"] = penalised(lambda p: WeibullAFTFitter(penalizer=p), lambda m, rows: m.predict_median(rows).clip(upper=1e12))
    forest = RandomSurvivalForest(300, min_samples_leaf=5, random_state=1)
    forest.fit(train, Surv.from_arrays(event.iloc[seen].astype(bool), time.iloc[seen]))
    told["forest"] = figure(-forest.predict(test))
    return {"metric": "concordance", **{k: v for k, v in told.items() if v is not None}}


if __name__ == "__main__":
    if sys.argv[1] == "tables":
        tables(sys.argv[2])
    else:
        x, y, event, seen, held = read(*sys.argv[2:])
        print(json.dumps(counts(x, y, seen, held) if event is None else survival(x, y, event, seen, held)))
