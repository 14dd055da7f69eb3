"""Predicts a numeric target with model.json of bnnc prune: python3 predict.py MODEL TABLE. Only the standard library is needed."""
import csv
import json
import math
import sys

ACTIVATIONS = {
    'silu': lambda a: a / (1 + math.exp(-a)), 'tanh': math.tanh, 'relu': lambda a: max(a, 0.0),
    'sigmoid': lambda a: 1 / (1 + math.exp(-a)), 'xtanh': lambda a: a * math.tanh(a),
}


def dense(layer):
    """The weights of a layer, rows by inputs, whichever way they are stored."""
    if layer['storage'] == 'dense':
        flat = layer['weight']
    else:
        flat = [0.0] * (layer['inputs'] * layer['outputs'])
        for place, value in zip(layer['index'], layer['weight']):
            flat[place] = value
    k = layer['outputs']
    return [flat[row * k:(row + 1) * k] for row in range(layer['inputs'])]


def encode(row, encoder):
    """Cells of numeric columns, standardised; a missing one is 0, the mean."""
    values = []
    for feature in encoder['features']:
        if feature['kind'] != 'numeric' or 'form' in feature:
            sys.exit(f"{feature['name']} is no plain number: see docs/formats.md, encoder.json")
        cell = row[feature['name']].strip()
        missing = cell in encoder['missing']
        for column in feature['columns']:
            raw = float(missing) if column['type'] == 'missing' else None if missing else float(cell)
            values.append(0.0 if raw is None else (raw - column['mean']) / column['scale'])
    return values


def predict(row, model, layers):
    known = encode(row, model['encoder'])
    below = known
    for at, (layer, weight) in enumerate(layers):
        # With sources a layer reads any of the columns and units before it.
        inputs = [known[place] for place in layer['sources']] if 'sources' in layer else below
        sums = [b + sum(x * w[k] for x, w in zip(inputs, weight)) for k, b in enumerate(layer['bias'])]
        if at < len(layers) - 1:
            below = [ACTIVATIONS[model['activation']](a) for a in sums]
            known = known + below
    target = model['encoder']['target']
    return target['mean'] + target['scale'] * sums[0]


with open(sys.argv[1], encoding='utf-8') as file:
    model = json.load(file)
layers = [(layer, dense(layer)) for layer in model['layers']]
with open(sys.argv[2], encoding='utf-8', newline='') as file:
    print(model['encoder']['target']['name'])
    for row in csv.DictReader(file):
        print(f'{predict(row, model, layers):.6f}')
