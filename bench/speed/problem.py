"""The training step that is timed, as its inputs come from the driver; shared by the Python engines."""
import json
import struct
import sys

import numpy as np


def load(path):
    """Reads the problem file: a JSON header and float32/int32 arrays, little-endian, one after the other."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<I", file.read(4))
        header = json.loads(file.read(length))
        for array in header["arrays"]:
            kind = np.dtype(array["dtype"])
            data = np.frombuffer(file.read(kind.itemsize * int(np.prod(array["shape"]))), kind)
            header[array["name"]] = data.reshape(array["shape"])
    return header


def split(theta, widths):
    """Cuts the flat start vector into per-layer parameters (layout of src/model/shape.ts, gates both)."""
    sizes = [a * b for a, b in zip(widths, widths[1:])]
    weights, gates, units = sum(sizes), sum(widths[:-1]), sum(widths[1:])
    blocks = np.split(theta, np.cumsum([weights, weights, weights, gates, units, units]))
    mu, rho, alpha, z, bias_mu, bias_rho, noise = blocks
    layers, w, g, u = [], 0, 0, 0
    for d, k in zip(widths, widths[1:]):
        cut = slice(w, w + d * k)
        layers.append({
            "mu": mu[cut].reshape(d, k), "rho": rho[cut].reshape(d, k), "alpha": alpha[cut].reshape(d, k),
            "z": z[g:g + d], "bias_mu": bias_mu[u:u + k], "bias_rho": bias_rho[u:u + k],
        })
        w, g, u = w + d * k, g + d, u + k
    return layers, noise


def serve(check, epoch):
    """Answers the driver: `check` prints the losses of the first steps without noise, `epoch` the milliseconds a step."""
    for line in sys.stdin:
        command = line.strip()
        if command == "check":
            print(json.dumps(check()), flush=True)
        elif command == "epoch":
            print(json.dumps(epoch()), flush=True)
        else:
            return
