"""Accuracy of models of scikit-learn on a table of groups, by folds of rows and by folds of whole groups.

    python bench/groups.py mice.csv
"""
import csv
import sys

import numpy
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegressionCV
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

with open(sys.argv[1], newline="") as file:
    rows = list(csv.reader(file))[1:]
groups = numpy.array([row[0] for row in rows])
x = numpy.array([row[1:-1] for row in rows], dtype=float)
y = numpy.array([row[-1] for row in rows])
print("scikit-learn", sklearn.__version__)
models = {
    "ridge logistic regression": make_pipeline(StandardScaler(), LogisticRegressionCV(max_iter=2000)),
    "random forest": RandomForestClassifier(300, random_state=1),
}
for name, model in models.items():
    by_row = cross_val_score(model, x, y, cv=StratifiedKFold(6, shuffle=True, random_state=1))
    by_group = cross_val_score(model, x, y, groups=groups, cv=GroupKFold(6))
    print(f"{name}: rows {by_row.mean():.3f}, groups {by_group.mean():.3f}")
