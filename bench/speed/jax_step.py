"""JAX: the same step with automatic gradients, jit-compiled, an epoch as one lax.scan, optax's Adam."""
import sys
import time

import jax
import jax.numpy as jnp
import optax
from problem import load, serve, split

problem = load(sys.argv[1])
WIDTHS, TASK, ROWS = problem["widths"], problem["task"], problem["x"].shape[0]
LOGIT, TAU = problem["priorLogit"], 1.0
X, Y, ORDER = jnp.array(problem["x"]), jnp.array(problem["y"]), jnp.array(problem["order"])
BATCH = ORDER.shape[1]
layers, noise = split(problem["theta"], WIDTHS)
PARAMS = jax.tree.map(jnp.array, {"layers": layers, "noise": noise})
ADAM = optax.adam(problem["learningRate"])


def bernoulli_kl(a):
    return jax.nn.sigmoid(a) * (a - LOGIT) - jax.nn.softplus(a) + jax.nn.softplus(LOGIT)


def objective(params, x, y, key, noisy):
    h, kl = x, 0.0
    keys = jax.random.split(key, len(params["layers"]))
    for l, p in enumerate(params["layers"]):
        sigma, alpha, z = jax.nn.softplus(p["rho"]), jax.nn.sigmoid(p["alpha"]), jax.nn.sigmoid(p["z"])
        g = alpha * z[:, None]
        square = sigma**2 + p["mu"] ** 2
        mean = g * p["mu"]
        variance = g * square - mean**2
        bias_sigma = jax.nn.softplus(p["bias_rho"])
        slab = 0.5 * (square / TAU**2 - 1 - jnp.log(sigma**2 / TAU**2))
        edge = bernoulli_kl(p["alpha"]) + alpha * slab
        kl += jnp.sum(bernoulli_kl(p["z"])) + jnp.sum(z[:, None] * edge)
        kl += jnp.sum(0.5 * (bias_sigma**2 + p["bias_mu"] ** 2 - 1) - jnp.log(bias_sigma))
        epsilon = jax.random.normal(keys[l], (BATCH, p["mu"].shape[1])) * noisy
        a = h @ mean + p["bias_mu"] + jnp.sqrt(h**2 @ variance + bias_sigma**2) * epsilon
        h = jax.nn.silu(a) if l + 1 < len(params["layers"]) else a
    if TASK == "regression":
        log_noise = params["noise"][0]
        log_p = -0.5 * (jnp.log(2 * jnp.pi) + log_noise + (y - h) ** 2 * jnp.exp(-log_noise))
    else:
        log_p = y * jax.nn.log_softmax(h)
    log_likelihood = jnp.sum(log_p) / BATCH
    return -log_likelihood + kl / ROWS, log_likelihood


def step(carry, slice_, noisy):
    params, state = carry
    rows, key = slice_
    (_, log_likelihood), gradient = jax.value_and_grad(objective, has_aux=True)(params, X[rows], Y[rows], key, noisy)
    updates, state = ADAM.update(gradient, state, params)
    return (optax.apply_updates(params, updates), state), log_likelihood


@jax.jit
def run(carry, order, keys, noisy):
    return jax.lax.scan(lambda c, s: step(c, s, noisy), carry, (order, keys))


START = (PARAMS, ADAM.init(PARAMS))
carry, epochs = START, 0


def check():
    count = problem["checkSteps"]
    _, losses = run(START, ORDER, jax.random.split(jax.random.key(0), ORDER.shape[0]), 0.0)
    return [float(v) for v in losses[:count]]


def epoch():
    global carry, epochs
    epochs += 1
    keys = jax.random.split(jax.random.key(epochs), ORDER.shape[0])
    start = time.perf_counter()
    carry, losses = run(carry, ORDER, keys, 1.0)
    losses.block_until_ready()
    return 1000 * (time.perf_counter() - start) / ORDER.shape[0]


serve(check, epoch)
