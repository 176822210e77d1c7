"""Brings the trained members together, and finds the temperature that makes their probabilities honest, on the validation part.

A network that knows mirrored images may answer to each window mirrored too; its probabilities are then averaged, as the program does
(mirrorByDefault in the manifest, core/inference/WindowLooks.ts).
"""
import argparse
import itertools
import os

import numpy as np
import torch
from torch import nn
from scipy.optimize import minimize_scalar

from border import Border, divided, front_share
from dataset import predict, read_case, read_split
from metrics import near, softmax
from network import Ensemble, UNet, normalise_window

DIMENSION = {"k": 2, "j": 3, "i": 4}


def mirrors(axes):
    """@param axes "ijk", "i", "" @returns all ways to mirror a window along them, none of them first"""
    known = [DIMENSION[axis] for axis in axes]
    return [way for n in range(len(known) + 1) for way in itertools.combinations(known, n)]


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


def mirrored(net, way):
    """@returns the network as it answers to a window that is mirrored, its answer turned back"""
    return lambda x: net(x.flip(way)).flip(way)


def averaged(net, axes):
    """@returns mean probabilities over all mirrorings"""
    ways = mirrors(axes)
    return lambda x: sum(mirrored(net, way)(x).softmax(1) for way in ways) / len(ways)


def predictions(net_of, data, names, axes):
    """@param net_of the network for a case @returns by case: logarithms of probabilities [class, k, j, i], and labels"""
    found = {}
    for name in names:
        image, labels = read_case(data, name)
        found[name] = (np.log(np.maximum(predict(averaged(net_of(name), axes), image), 1e-9)), labels)
    return found


class Divided(nn.Module):
    """The ensemble's whole hippocampus, divided where it and the border's networks together divide."""

    def __init__(self, ensemble, borders, trust):
        """@param trust the borders' share in the log odds of the two parts"""
        super().__init__()
        self.ensemble, self.borders, self.trust = ensemble, nn.ModuleList(borders), trust

    def forward(self, x):
        logits = self.ensemble(x)
        outline = 1 - logits.softmax(1)[:, :1]
        seen = normalise_window(x)
        front = sum(front_share(border(seen, outline)) for border in self.borders) / len(self.borders)
        return divided(logits, front, self.trust)


def load_borders(folder, folds):
    """@returns networks, and of each the cases that it was not trained on"""
    borders, unseen = [], []
    for fold in folds:
        kept = torch.load(os.path.join(folder, f"border{fold}.pt"))
        border = Border()
        border.load_state_dict(kept["weights"])
        borders.append(border.eval())
        unseen.append(kept["unseen"])
    return borders, unseen


def unseen_by(options, temperature=1.0):
    """@param options of add_options @returns of a case of the validation part the members, and the borders, that were not trained on it, as a network of their own"""
    made = {}

    def net_of(name):
        members, notes = load_members(options.out, options.members)
        borders, unseen = load_borders(options.out, options.borders)
        fit = tuple(n for n, note in enumerate(notes) if name in note["unseen"])
        fold = tuple(n for n, names in enumerate(unseen) if name in names)
        assert fit and (fold or not borders), f"every network was trained on {name}"
        if (fit, fold) not in made:
            ensemble = Ensemble([members[n] for n in fit], temperature)
            made[fit, fold] = Divided(ensemble, [borders[n] for n in fold], options.trust) if fold else ensemble
        return made[fit, fold]

    return net_of


def fit_temperature(options):
    """The temperature that divides all logits of the members before probabilities are averaged over the mirrorings: the one that makes the truth likeliest
    where a decision is open (metrics.near). Nothing is added to the logits of a structure: what makes the truth likeliest makes
    structures smaller than what overlaps best.

    @see Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017
    """
    net_of = unseen_by(argparse.Namespace(**{**vars(options), "borders": []}))
    ways, truth = [], []
    for name in read_split()["validation"]:
        image, labels = read_case(options.data, name)
        logits = np.stack([predict(mirrored(net_of(name), way), image) for way in mirrors(options.axes)])
        where = near(labels, logits.mean(0).argmax(0))
        ways.append(logits[:, :, where].astype(np.float64))
        truth.append(labels[where])
    ways, truth = np.concatenate(ways, 2), np.concatenate(truth)

    def loss(log_temperature):
        p = softmax((ways / np.exp(log_temperature)).swapaxes(0, 1)).mean(1)
        return -np.log(np.maximum(np.take_along_axis(p, truth[None].astype(int), 0), 1e-12)).mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def build(options):
    """@param options of add_options @returns the network that ships, with what was found on the way"""
    temperature = fit_temperature(options)
    members, notes = load_members(options.out, options.members)
    net = Ensemble(members, temperature)
    if options.borders:
        net = Divided(net, load_borders(options.out, options.borders)[0], options.trust)
    about = [{**note, "unseen": len(note["unseen"])} for note in notes]
    return net.eval(), {
        **{"members": about, "temperature": temperature, "axes": options.axes},
        **{"borders": len(options.borders), "trust": options.trust},
    }


def add_options(parser):
    """What evaluate.py and export.py are asked for alike. @returns the parser"""
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--members", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--axes", choices=("", "i", "k", "ik", "ijk"), default="", help="along which it is shown mirrored images")
    parser.add_argument("--borders", type=int, nargs="*", default=[], help="networks of train_border.py, which divide too")
    parser.add_argument("--trust", type=float, default=0.7, help="the borders' share in that")
    return parser


def read_options(parser):
    options = parser.parse_args()
    if options.borders and "j" in options.axes:
        parser.error("The borders' networks never saw front and back exchanged: --axes without j, or no --borders.")
    return options
