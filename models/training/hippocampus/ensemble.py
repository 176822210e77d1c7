"""Brings the trained members together, and finds the temperature that makes their probabilities honest, on the validation part.

The program shows the network every window mirrored along all three axes too and averages the probabilities (mirrorByDefault in the
manifest; core/inference/WindowLooks.ts): so does everything here.
"""
import itertools
import os

import numpy as np
import torch
from scipy.optimize import minimize_scalar

from dataset import predict, read_case, read_split
from metrics import near, softmax
from network import Ensemble, UNet

MIRRORS = [axes for n in range(4) for axes in itertools.combinations((2, 3, 4), n)]


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


def mirrored(net, axes):
    """@returns the network as it answers to a window that is mirrored, its answer turned back"""
    return lambda x: net(x.flip(axes)).flip(axes)


def averaged(net):
    """@returns mean probabilities over all mirrorings"""
    return lambda x: sum(mirrored(net, axes)(x).softmax(1) for axes in MIRRORS) / len(MIRRORS)


def predictions(net_of, data, names):
    """@param net_of the network for a case @returns by case: logarithms of probabilities [class, k, j, i], and labels"""
    found = {}
    for name in names:
        image, labels = read_case(data, name)
        found[name] = (np.log(np.maximum(predict(averaged(net_of(name)), image), 1e-9)), labels)
    return found


def unseen_by(folder, numbers, temperature=1.0):
    """@returns of a case of the validation part the members that were not trained on it, as an ensemble of their own"""
    made = {}

    def net_of(name):
        loaded, notes = load_members(folder, numbers)
        fit = tuple(n for n, note in enumerate(notes) if name in note["unseen"])
        assert fit, f"every member was trained on {name}"
        if fit not in made:
            made[fit] = Ensemble([loaded[n] for n in fit], temperature)
        return made[fit]

    return net_of


def fit_temperature(net_of, data, names):
    """The one number that, dividing all logits before they are averaged over the mirrorings, makes the truth likeliest where a
    decision is open (metrics.near)."""
    ways, truth = [], []
    for name in names:
        image, labels = read_case(data, name)
        logits = np.stack([predict(mirrored(net_of(name), axes), image) for axes in MIRRORS])
        where = near(labels, logits.mean(0).argmax(0))
        ways.append(logits[:, :, where].astype(np.float64))
        truth.append(labels[where])
    ways, truth = np.concatenate(ways, 2), np.concatenate(truth)

    def loss(log_temperature):
        p = softmax((ways / np.exp(log_temperature)).swapaxes(0, 1)).mean(1)
        return -np.log(np.maximum(np.take_along_axis(p, truth[None].astype(int), 0), 1e-12)).mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-1.5, 1.5), method="bounded").x))


def build(folder, data, numbers):
    """@returns the network that ships, with what was found on the way"""
    temperature = fit_temperature(unseen_by(folder, numbers), data, read_split()["validation"])
    members, notes = load_members(folder, numbers)
    net = Ensemble(members, temperature)
    net.eval()
    return net, {"members": [{**note, "unseen": len(note["unseen"])} for note in notes], "temperature": temperature}
