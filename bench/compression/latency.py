"""Time of one call of onnxruntime with one thread: latency.py ROUNDS DENSE.onnx EXPORTED.onnx, as JSON.

Both networks take turns; for each batch the least of the rounds, each a mean over many calls.
"""
import json
import sys
import time

import numpy
import onnxruntime

BATCHES = [1, 16, 256]
LONG = 0.05  # seconds of one measurement


def load(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=['CPUExecutionProvider'])


def time_of(session, rows):
    calls = 0
    began = time.perf_counter()
    while time.perf_counter() - began < LONG:
        session.run(None, {'x': rows})
        calls += 1
    return (time.perf_counter() - began) / calls


rounds, *paths = sys.argv[1:]
sessions = [load(path) for path in paths]
random = numpy.random.default_rng(1)
timings = []
for batch in BATCHES:
    rows = [random.standard_normal((batch, session.get_inputs()[0].shape[1]), dtype=numpy.float32) for session in sessions]
    least = [float('inf')] * 2
    for turn in range(int(rounds) + 1):
        for which in range(2):
            spent = time_of(sessions[which], rows[which])
            if turn > 0:  # the first is for warming up
                least[which] = min(least[which], spent)
    timings.append({'batch': batch, 'before': 1000 * least[0], 'after': 1000 * least[1]})
print(json.dumps(timings))
