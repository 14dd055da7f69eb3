"""What `bnnc train` does on datasets/raisin.csv with its defaults, as a research script for latent binary Bayesian networks
would: PyTorch modules, local reparameterisation, autograd, fused Adam.

    python raisin_lbbnn.py DATA OUTPUT_FOLDER [--threads N] [--compile] [--steps 4000]

In it, as in bnnc: the split 630/90/180, standardised inputs, network 7-32-16-1 with a gate on every weight and on every
input and hidden unit, 4 restarts and the dense mean-field network, each 4000 steps on all training rows, the same schedule
(gates held open, then released, KL weight rising, prior re-estimated every 100 steps from 70 % on, learning rate falling),
the choice of the restart by a hard-gate ELBO of 16 draws, metrics of 64 posterior draws on all splits, inclusion
probabilities as CSV. Not in it: bnnc's gate flips, masks sampled for reachability, standard errors, metrics of the median
model, checkpoints, history, inference of the columns.
"""
import argparse
import csv
import json
import math
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

HIDDEN, RESTARTS, RATE, GATE_FACTOR = [32, 16], 4, 0.01, 5
ELBO_DRAWS, DRAWS = 16, 64


class GatedLinear(nn.Module):
    """w = gate of its source * its own gate * Normal(mu, sigma); without `gated` a mean-field linear layer."""

    def __init__(self, inputs, outputs, gated):
        super().__init__()
        self.gated = gated
        self.mu = nn.Parameter(torch.randn(inputs, outputs) / math.sqrt(inputs))
        self.rho = nn.Parameter(torch.full((inputs, outputs), -5.0))
        self.bias_mu = nn.Parameter(torch.zeros(outputs))
        self.bias_rho = nn.Parameter(torch.full((outputs,), -5.0))
        if gated:
            self.lambdal = nn.Parameter(torch.full((inputs, outputs), 3.0))
            self.node = nn.Parameter(torch.full((inputs, 1), 3.0))
        self.register_buffer("edge_logit", torch.tensor(math.log(0.1 / 0.9)))
        self.register_buffer("node_logit", torch.tensor(math.log(0.1 / 0.9)))
        self.register_buffer("tau", torch.tensor(1.0))
        self.kl = 0.0

    def gates(self):
        if not self.gated:
            return torch.ones(()), torch.ones(())
        return torch.sigmoid(self.lambdal), torch.sigmoid(self.node)

    def forward(self, x):
        sigma, bias_sigma = F.softplus(self.rho), F.softplus(self.bias_rho)
        alpha, z = self.gates()
        square = sigma**2 + self.mu**2
        gate = alpha * z
        mean = gate * self.mu
        variance = gate * square - mean**2
        a = torch.addmm(self.bias_mu, x, mean)
        deviation = torch.sqrt(torch.addmm(bias_sigma**2, x**2, variance))
        slab = 0.5 * (square / self.tau**2 - 1) - torch.log(sigma / self.tau)
        bias = 0.5 * (bias_sigma**2 + self.bias_mu**2 - 1) - torch.log(bias_sigma)
        if self.gated:
            edge = bernoulli_kl(self.lambdal, alpha, self.edge_logit)
            node = bernoulli_kl(self.node, z, self.node_logit)
            self.kl = node.sum() + (z * (edge + alpha * slab)).sum() + bias.sum()
        else:
            self.kl = slab.sum() + bias.sum()
        return a + deviation * torch.randn_like(deviation)

    def draw(self, x):
        """One network with hard gates, the same for all rows."""
        alpha, z = self.gates()
        w = self.mu + F.softplus(self.rho) * torch.randn_like(self.mu)
        if self.gated:
            w = w * torch.bernoulli(alpha) * torch.bernoulli(z)
        return x @ w + self.bias_mu + F.softplus(self.bias_rho) * torch.randn_like(self.bias_mu)

    def update_prior(self):
        """Empirical Bayes: inclusion probabilities and slab width that the posterior asks for."""
        alpha, z = self.gates()
        gate = (alpha * z).expand_as(self.mu)
        if self.gated:
            self.edge_logit.copy_(torch.logit(beta_mode(gate.sum(), gate.numel())))
            self.node_logit.copy_(torch.logit(beta_mode(z.sum(), z.numel())))
        second = (gate * (self.mu**2 + F.softplus(self.rho) ** 2)).sum() / gate.sum().clamp_min(1e-6)
        self.tau.copy_(second.sqrt().clamp_min(0.05))


def bernoulli_kl(logit, probability, prior_logit):
    return probability * (logit - prior_logit) - F.softplus(logit) + F.softplus(prior_logit)


def beta_mode(on, count):
    return ((1 + on) / (1 + 2 * count)).clamp(1 / max(count, 2), 0.5)


class Network(nn.Module):
    def __init__(self, inputs, gated):
        super().__init__()
        widths = [inputs, *HIDDEN, 1]
        self.layers = nn.ModuleList(GatedLinear(a, b, gated) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.silu(layer(x))
        return self.layers[-1](x)

    def draw(self, x):
        for layer in self.layers[:-1]:
            x = F.silu(layer.draw(x))
        return self.layers[-1].draw(x)

    def kl(self):
        return sum(layer.kl for layer in self.layers)


def train(x, y, gated, seed, options):
    torch.manual_seed(seed)
    network = Network(x.shape[1], gated)
    gates = [p for name, p in network.named_parameters() if name.endswith(("lambdal", "node"))]
    others = [p for name, p in network.named_parameters() if not name.endswith(("lambdal", "node"))]
    groups = [{"params": others, "lr": RATE}] + ([{"params": gates, "lr": 0.0}] if gated else [])
    adam = torch.optim.Adam(groups, fused=True)

    def loss_of(x, y, beta):
        nll = F.binary_cross_entropy_with_logits(network(x), y)
        return nll + beta / len(x) * network.kl()

    objective = torch.compile(loss_of) if options.compile else loss_of
    beta = torch.tensor(0.1)
    for step in range(options.steps):
        f = step / options.steps
        rate = RATE * (1 if f < 0.8 else 1 / 5 if f < 0.93 else 1 / 15)
        beta.fill_(0.1 + 0.9 * min(1, max(0, (f - 0.25) / 0.35)))
        adam.param_groups[0]["lr"] = rate
        if gated:
            adam.param_groups[1]["lr"] = 0.0 if f < 0.25 else rate * GATE_FACTOR
        adam.zero_grad()
        loss = objective(x, y, beta)
        loss.backward()
        adam.step()
        if f >= 0.7 and step % 100 == 0:
            with torch.no_grad():
                for layer in network.layers:
                    layer.update_prior()
    return network


@torch.no_grad()
def elbo(network, x, y):
    network(x)  # leaves the KL under the final parameters
    fit = [-F.binary_cross_entropy_with_logits(network.draw(x), y, reduction="sum") for _ in range(ELBO_DRAWS)]
    return float(torch.stack(fit).mean() - network.kl())


@torch.no_grad()
def metrics(network, x, y):
    p = torch.stack([torch.sigmoid(network.draw(x)) for _ in range(DRAWS)]).mean(0)
    return {"accuracy": float(((p > 0.5) == (y > 0.5)).float().mean()), "nll": float(F.binary_cross_entropy(p, y))}


def read(path):
    with open(path, newline="") as file:
        header, *rows = csv.reader(file)
    classes = sorted({row[-1] for row in rows})
    x = np.array([[float(cell) for cell in row[:-1]] for row in rows])
    return header[:-1], x, np.array([classes.index(row[-1]) for row in rows])


def split(y, generator):
    """70 % training, 10 % validation, 20 % test, in each class."""
    parts = [[], [], []]
    for c in np.unique(y):
        rows = generator.permutation(np.flatnonzero(y == c))
        cuts = [round(0.7 * len(rows)), round(0.8 * len(rows))]
        for part, some in zip(parts, np.split(rows, cuts)):
            part.append(some)
    return [np.sort(np.concatenate(part)) for part in parts]


@torch.no_grad()
def write_inclusion(network, names, folder):
    with open(os.path.join(folder, "weights.csv"), "w", newline="") as weights, \
            open(os.path.join(folder, "nodes.csv"), "w", newline="") as nodes:
        weight_table, node_table = csv.writer(weights), csv.writer(nodes)
        weight_table.writerow(["layer", "from", "to", "pip", "mean", "sd"])
        node_table.writerow(["layer", "node", "pip"])
        for l, layer in enumerate(network.layers):
            alpha, z = layer.gates()
            pip, mu, sigma = (alpha * z).tolist(), layer.mu.tolist(), F.softplus(layer.rho).tolist()
            for i, gate in enumerate(z[:, 0].tolist()):
                source = names[i] if l == 0 else f"h{l}.{i}"
                node_table.writerow([l, source, gate])
                for j, p in enumerate(pip[i]):
                    weight_table.writerow([l + 1, source, f"h{l + 1}.{j}", p, mu[i][j], sigma[i][j]])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--steps", type=int, default=4000)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    names, x, y = read(options.data)
    parts = split(y, np.random.default_rng(1))
    x = (x - x[parts[0]].mean(0)) / x[parts[0]].std(0)
    splits = [(torch.tensor(x[rows], dtype=torch.float32), torch.tensor(y[rows, None], dtype=torch.float32)) for rows in parts]
    restarts = [train(*splits[0], True, seed, options) for seed in range(RESTARTS)]
    dense = train(*splits[0], False, RESTARTS, options)
    elbos = [elbo(network, *splits[0]) for network in restarts]
    best = restarts[elbos.index(max(elbos))]
    os.makedirs(options.out, exist_ok=True)
    write_inclusion(best, names, options.out)
    result = {
        "rows": [len(rows) for rows in parts], "elbo": elbos,
        "full": dict(zip(("train", "validation", "test"), (metrics(best, *part) for part in splits))),
        "dense": dict(zip(("train", "validation", "test"), (metrics(dense, *part) for part in splits))),
    }
    with open(os.path.join(options.out, "metrics.json"), "w") as file:
        json.dump(result, file, indent=2)
    print(json.dumps(result))


main()
