"""Time of one call of onnxruntime with one thread: latency.py ROUNDS DENSE.onnx EXPORTED.onnx, as JSON.

Both networks take turns; for each batch the least of the rounds, each a mean over many calls. "plain" is
`session.run` on an array, as a Python program makes it; "bound" has input and output bound to memory once, so that what
is left is the time of the runtime.
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


def plain(session, rows):
    return lambda: session.run(None, {'x': rows})


def bound(session, rows):
    """The values stay referenced by the returned call, for a binding holds no memory of its own."""
    [expected] = session.run(None, {'x': rows})
    [output] = session.get_outputs()
    taken = onnxruntime.OrtValue.ortvalue_from_numpy(rows)
    given = onnxruntime.OrtValue.ortvalue_from_numpy(numpy.zeros_like(expected))
    binding = session.io_binding()
    binding.bind_ortvalue_input('x', taken)
    binding.bind_ortvalue_output(output.name, given)
    session.run_with_iobinding(binding)
    assert numpy.array_equal(given.numpy(), expected)
    return lambda _held=(taken, given): session.run_with_iobinding(binding)


def time_of(call):
    calls = 0
    began = time.perf_counter()
    while time.perf_counter() - began < LONG:
        call()
        calls += 1
    return (time.perf_counter() - began) / calls


rounds, *paths = sys.argv[1:]
sessions = [load(path) for path in paths]
random = numpy.random.default_rng(1)
timings = []
for batch in BATCHES:
    rows = [random.standard_normal((batch, session.get_inputs()[0].shape[1]), dtype=numpy.float32) for session in sessions]
    calls = {way.__name__: [way(session, row) for session, row in zip(sessions, rows)] for way in (plain, bound)}
    least = {way: [float('inf')] * 2 for way in calls}
    for turn in range(int(rounds) + 1):
        for way, pair in calls.items():
            for which in range(2):
                spent = time_of(pair[which])
                if turn > 0:  # the first is for warming up
                    least[way][which] = min(least[way][which], spent)
    timings.append({'batch': batch, **{way: {'before': 1000 * a, 'after': 1000 * b} for way, (a, b) in least.items()}})
print(json.dumps(timings))
