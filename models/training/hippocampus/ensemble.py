"""Brings the trained members together and finds the temperature that makes their probabilities honest, on the validation part."""
import os

import numpy as np
import torch
from scipy.optimize import minimize_scalar

from dataset import predict, read_case, read_split
from metrics import near, softmax
from network import Ensemble, UNet


def load_members(folder, numbers):
    members, notes = [], []
    for number in numbers:
        kept = torch.load(os.path.join(folder, f"member{number}", "ema.pt"))
        net = UNet(kept["widths"])
        net.load_state_dict(kept["weights"])
        net.eval()
        members.append(net)
        notes.append({k: v for k, v in kept.items() if k != "weights"})
    return members, notes


def predictions(net, data, names):
    """@returns by case: logits [class, k, j, i] and labels"""
    return {name: (predict(net, image), labels) for name, (image, labels) in ((n, read_case(data, n)) for n in names)}


def fit_temperature(cases):
    """The one number that, dividing all logits, makes the truth likeliest where a decision is open (metrics.near)."""
    logits, truth = [], []
    for scores, labels in cases.values():
        where = near(labels, scores.argmax(0))
        logits.append(scores[:, where].astype(np.float64))
        truth.append(labels[where])
    logits, truth = np.concatenate(logits, 1), np.concatenate(truth)

    def loss(log_temperature):
        p = softmax(logits / np.exp(log_temperature))
        return -np.log(np.maximum(np.take_along_axis(p, truth[None].astype(int), 0), 1e-12)).mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded").x))


def build(folder, data, numbers, mirror=False):
    """@returns the network that ships, with what was found on the way"""
    cases = predictions(Ensemble(load_members(folder, numbers)[0], 1.0, mirror), data, read_split()["validation"])
    temperature = fit_temperature(cases)
    members, notes = load_members(folder, numbers)
    net = Ensemble(members, temperature, mirror)
    net.eval()
    return net, {"members": notes, "temperature": temperature, "mirror": mirror}
