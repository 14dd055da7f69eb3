"""PyTorch: the same step with autograd, fused Adam; argument 2 is `eager` or `compile` (torch.compile of the objective),
argument 3 the number of threads (default: PyTorch's own)."""
import math
import sys
import time

import torch
import torch.nn.functional as F
from problem import load, serve, split

if len(sys.argv) > 3:
    torch.set_num_threads(int(sys.argv[3]))
problem = load(sys.argv[1])
WIDTHS, TASK, ROWS = problem["widths"], problem["task"], problem["x"].shape[0]
LOGIT, TAU = problem["priorLogit"], 1.0
X, Y = (torch.tensor(problem[name]) for name in ("x", "y"))
ORDER = torch.tensor(problem["order"], dtype=torch.long)
BATCH = ORDER.shape[1]


def start():
    layers, noise = split(problem["theta"], WIDTHS)
    layers = [{name: torch.nn.Parameter(torch.tensor(value)) for name, value in p.items()} for p in layers]
    noise = torch.nn.Parameter(torch.tensor(noise))
    parameters = [value for p in layers for value in p.values()] + [noise]
    return layers, noise, torch.optim.Adam(parameters, lr=problem["learningRate"], fused=True)


def bernoulli_kl(a):
    return torch.sigmoid(a) * (a - LOGIT) - F.softplus(a) + math.log1p(math.exp(LOGIT))


def objective(layers, noise, x, y, noisy):
    h, kl = x, 0.0
    for l, p in enumerate(layers):
        sigma, alpha, z = F.softplus(p["rho"]), torch.sigmoid(p["alpha"]), torch.sigmoid(p["z"])[:, None]
        g = alpha * z
        square = sigma**2 + p["mu"] ** 2
        mean = g * p["mu"]
        variance = g * square - mean**2
        bias_sigma = F.softplus(p["bias_rho"])
        slab = 0.5 * (square / TAU**2 - 1 - torch.log(sigma**2 / TAU**2))
        kl = kl + bernoulli_kl(p["z"]).sum() + (z * (bernoulli_kl(p["alpha"]) + alpha * slab)).sum()
        kl = kl + (0.5 * (bias_sigma**2 + p["bias_mu"] ** 2 - 1) - torch.log(bias_sigma)).sum()
        a = torch.addmm(p["bias_mu"], h, mean)
        deviation = torch.sqrt(torch.addmm(bias_sigma**2, h**2, variance))
        a = a + deviation * torch.randn(a.shape) * noisy
        h = F.silu(a) if l + 1 < len(layers) else a
    if TASK == "regression":
        log_p = -0.5 * (math.log(2 * math.pi) + noise + (y - h) ** 2 * torch.exp(-noise))
    else:
        log_p = y * F.log_softmax(h, 1)
    log_likelihood = log_p.sum() / BATCH
    return -log_likelihood + kl / ROWS, log_likelihood


if sys.argv[2] == "compile":
    objective = torch.compile(objective)


def step(state, rows, noisy):
    layers, noise, adam = state
    adam.zero_grad(set_to_none=True)
    loss, log_likelihood = objective(layers, noise, X[rows], Y[rows], noisy)
    loss.backward()
    adam.step()
    return log_likelihood.detach()


def check():
    state = start()
    return [float(step(state, rows, 0.0)) for rows in ORDER[: problem["checkSteps"]]]


STATE = start()


def epoch():
    begun = time.perf_counter()
    for rows in ORDER:
        step(STATE, rows, 1.0)
    return 1000 * (time.perf_counter() - begun) / ORDER.shape[0]


serve(check, epoch)
