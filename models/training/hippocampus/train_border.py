#!/usr/bin/env python3
"""Trains the border's network (border.py) on four fifths of training and validation together, and measures it on the last fifth.

Usage: train_border.py DATA OUT --fold N [--minutes M] --outlines OUT/teacher.npz
N is 0 to 4; the outlines are those of teach.py. Writes OUT/borderN.pt. Seeded by fold, one thread, bfloat16; the schedule follows the
process's own time. Prints by how many slices the plane is off in the cases that it has not seen, on average.
"""
import argparse
import copy
import json
import os
import time

import numpy as np
import torch
from torch import nn

from augment import Case, random_view
from border import Border, front_share
from dataset import WINDOW, pad_to_window, patient_of, read_case, read_split
from memory import keep_memory
from metrics import border_plane
from network import normalise_window
from schedule import learning_rate, update_average

FOLDS = 5
BATCH = 8
PEAK_RATE = 2e-3
LEAST_RATE = 1e-3  # of the peak
WARMUP_STEPS = 100
DECAY = 0.05
BLUR = 1.2  # slices: a person might have drawn it one further
SHIFT = 2  # voxels


def folds():
    """@returns by name, 0 to 4; both sides of a head are together"""
    split = read_split()
    names = split["training"] + split["validation"]
    patients = sorted({patient_of(name) for name in names})
    rank = dict(zip(patients, np.random.default_rng(5).permutation(len(patients))))
    return {name: int(rank[patient_of(name)]) % FOLDS for name in names}


def shares(outline, plane):
    """What random_view carries along: whether a slice lies in front of the plane, and the outline."""
    front = np.zeros(outline.shape, np.float32)
    front[:, plane:] = 1
    return np.stack([front, outline])


def target_of(front):
    """@param front [k, j, i] of a view @returns how likely each plane is, blurred [j + 1]"""
    slices = np.flatnonzero((front > 0.5).any(2).any(0).numpy())
    plane = slices[0] if len(slices) else WINDOW[1]
    likely = np.exp(-0.5 * ((np.arange(WINDOW[1] + 1) - plane) / BLUR) ** 2)
    return torch.from_numpy((likely / likely.sum()).astype(np.float32))


def moved(outline, rng):
    """Where a known outline begins and ends says where the same person saw the uncus end; an unknown one is off by a voxel or two."""
    return torch.roll(outline, [int(n) for n in rng.integers(-SHIFT, SHIFT + 1, 3)], (1, 2, 3))


@torch.no_grad()
def plane_of(net, image, outline):
    """@returns the median plane of a whole case and its mirror image, in fractions of slices: plane p is likely from p - 0.5 to p + 0.5"""
    padded, place = pad_to_window(image)
    shown, _ = pad_to_window(outline)
    x, p = normalise_window(torch.from_numpy(padded)[None, None]), torch.from_numpy(shown)[None, None]
    front = (front_share(net(x, p)) + front_share(net(x.flip(4), p.flip(4))))[0].numpy() / 2
    behind = int(np.searchsorted(front, 0.5))
    before = front[behind - 1] if behind > 0 else 0.0
    after = front[behind] if behind < len(front) else 1.0
    return behind - 0.5 + (0.5 - before) / max(after - before, 1e-9) - place[1].start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--fold", type=int, required=True)
    parser.add_argument("--minutes", type=float, default=4.5)
    parser.add_argument("--outlines", required=True)
    options = parser.parse_args()
    keep_memory()
    torch.set_num_threads(1)
    torch.manual_seed(options.fold)
    rng = np.random.default_rng(100 + options.fold)
    taught, fold_of = np.load(options.outlines), folds()
    train, unseen = [], {}
    for name, fold in fold_of.items():
        image, labels = read_case(options.data, name)
        outline, plane = taught[name][1:].sum(0).astype(np.float32), border_plane(labels)
        if fold == options.fold:
            unseen[name] = (image, outline, plane)
        else:
            train.append(Case(image, shares(outline, plane)))
    net = Border()
    average = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, betas=(0.9, 0.99), weight_decay=DECAY)
    begin, step, order = time.process_time(), 0, []
    while (done := (time.process_time() - begin) / (60 * options.minutes)) < 1:
        views = []
        for _ in range(BATCH):
            if not order:
                order = [int(n) for n in rng.permutation(len(train))]
            views.append(random_view(train[order.pop()], rng, coronal=1.0))
        images = normalise_window(torch.stack([image for image, _ in views])).bfloat16()
        outlines = torch.stack([moved(labels[2:], rng) for _, labels in views])
        target = torch.stack([target_of(labels[1]) for _, labels in views])
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(PEAK_RATE, LEAST_RATE, WARMUP_STEPS, step, done)
        loss = -(target * net(images, outlines).log_softmax(1)).sum(1).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        update_average(average, net, step, 0.998)
        step += 1
    average.eval()
    off = {name: plane_of(average, image, outline) - plane for name, (image, outline, plane) in unseen.items()}
    mean = float(np.mean(np.abs(list(off.values()))))
    torch.save({"weights": average.state_dict(), "unseen": list(unseen), "off": off}, os.path.join(options.out, f"border{options.fold}.pt"))
    print(json.dumps({"fold": options.fold, "steps": step, "cases": len(off), "offSlices": round(mean, 3)}))


if __name__ == "__main__":
    main()
