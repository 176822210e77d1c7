#!/usr/bin/env python3
"""Trains one member of the hippocampus network.

Usage: train_hippocampus.py DATA OUT --member N [--minutes M] [--teacher OUT/teacher.npz] [--start EMA] [--cross SHARES] [--float32]
DATA is the Decathlon's Task04 (imagesTr, labelsTr). OUT/memberN gets checkpoint.pt (to go on from: run the same line again),
ema.pt (the averaged weights so far, of which the network is exported) and log.jsonl. Seeded by member; one thread; the schedule
follows the process's own time, so that it may be stopped and continued (SIGSTOP, SIGCONT) as often as one likes; SIGTERM saves and
ends, and --minutes may be changed on resuming. Needs PyTorch 1.13; bfloat16 is fast only on processors that have it (else --float32, 1.7 times slower here).
"""
import argparse
import copy
import json
import os
import signal
import time

import numpy as np
import torch
import torch.nn.functional as F

from augment import Case, random_view
from dataset import cross_parts, predict, read_case, read_split
from memory import keep_memory
from network import CLASSES, UNet, normalise_window
from schedule import learning_rate, update_average
from widen import widened

BATCH = 2
PEAK_RATE = 2e-3
DECAY = 0.02
WARMUP_STEPS = 200
DEEP_WEIGHTS = (1.0, 0.5, 0.25)
SAVE_EVERY_S = 300


def loss_of(levels, labels):
    """Cross-entropy and soft Dice per case, at every resolution. @param labels shares, [case, class, k, j, i]"""
    target = labels
    total = 0.0
    for weight, logits in zip(DEEP_WEIGHTS, levels):
        if logits.shape[2:] != target.shape[2:]:
            target = F.avg_pool3d(target, 2)
        logp = logits.float().log_softmax(1)
        p = logp.exp()
        entropy = -(target * logp).sum(1).mean()
        axes = (2, 3, 4)
        dice = (2 * (p * target).sum(axes) + 1) / (p.sum(axes) + target.sum(axes) + 1)
        total = total + weight * (entropy + 1 - dice[:, 1:].mean())
    return total


def validate(net, cases):
    scores = []
    for image, labels in cases:
        got = predict(lambda x: net(normalise_window(x)), image).argmax(0)
        scores.append([2 * ((got == c) & (labels == c)).sum() / ((got == c).sum() + (labels == c).sum()) for c in (1, 2)])
    return np.mean(scores, 0)


def shares_of(labels, taught, trust):
    """@param taught of teach.py, [class, k, j, i], or None @returns of each structure its share in a voxel, [structure, k, j, i]"""
    hard = np.stack([labels == c for c in range(1, CLASSES)]).astype(np.float32)
    return hard if taught is None else (1 - trust) * hard + trust * taught[1:].astype(np.float32)


def save(path, content):
    torch.save(content, path + ".part")
    os.replace(path + ".part", path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--member", type=int, required=True)
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--widths", type=int, nargs=4, default=(8, 32, 64, 96))
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--rate", type=float, default=PEAK_RATE, help="the learning rate's peak")
    parser.add_argument("--least", type=float, default=1e-3, help="share of the peak that the learning rate falls to")
    parser.add_argument("--average", type=float, default=0.999, help="what the averaged network keeps of itself at each step")
    parser.add_argument("--teacher", help="teacher.npz: labels are mixed with what another network says")
    parser.add_argument("--trust", type=float, default=0.5, help="the teacher's share in the labels")
    parser.add_argument("--wide", type=float, default=0.0, help="share of the time, from the start, in which views are wide (augment.py)")
    parser.add_argument("--coronal", type=float, default=0.0, help="share of views that keep coronal slices (augment.py)")
    parser.add_argument("--start", help="ema.pt to begin with; where its network is narrower it is widened")
    parser.add_argument("--cross", type=int, default=1, help="shares of the validation part: validate on one of them, train on the others too")
    options = parser.parse_args()
    keep_memory()
    torch.set_num_threads(1)
    folder = os.path.join(options.out, f"member{options.member}")
    os.makedirs(folder, exist_ok=True)
    seed = 20261125 + options.member
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    kind = torch.float32 if options.float32 else torch.bfloat16

    split = read_split()
    training, validation = cross_parts(split, options.member, options.cross)
    taught = np.load(options.teacher) if options.teacher else {}
    train = []
    for name in training:
        image, labels = read_case(options.data, name)
        train.append(Case(image, shares_of(labels, taught[name] if taught else None, options.trust)))
    unseen = validation
    validation = [read_case(options.data, name) for name in unseen]

    net = UNet(options.widths)
    if options.start:
        begun = torch.load(options.start)
        net.load_state_dict(widened(begun["weights"], begun["widths"], net.widths, seed))
    average = copy.deepcopy(net)
    optimiser = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, betas=(0.9, 0.99), weight_decay=DECAY)
    step, before, order = 0, 0.0, []
    checkpoint = os.path.join(folder, "checkpoint.pt")
    if os.path.exists(checkpoint):
        kept = torch.load(checkpoint)
        net.load_state_dict(kept["net"])
        average.load_state_dict(kept["average"])
        optimiser.load_state_dict(kept["optimiser"])
        rng.bit_generator.state = kept["rng"]
        step, before, order = kept["step"], kept["seconds"], kept["order"]
    budget = options.minutes * 60
    begin = time.process_time()
    saved, losses, finished = before, [], False
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    while not finished:
        spent = before + time.process_time() - begin
        finished = spent >= budget or bool(asked)
        if finished or spent - saved >= SAVE_EVERY_S:
            dice = validate(average, validation)
            line = {
                "step": step,
                "minutes": round(spent / 60, 2),
                "of": options.minutes,
                "rate": learning_rate(options.rate, options.least, WARMUP_STEPS, step, spent / budget),
                "loss": round(float(np.mean(losses)), 4) if losses else None,
                "validation": [round(float(d), 4) for d in dice],
                "mean": round(float(dice.mean()), 4),
            }
            with open(os.path.join(folder, "log.jsonl"), "a") as file:
                file.write(json.dumps(line) + "\n")
            print(line, flush=True)
            spent = before + time.process_time() - begin
            save(
                checkpoint,
                {
                    "net": net.state_dict(),
                    "average": average.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "rng": rng.bit_generator.state,
                    "step": step,
                    "seconds": spent,
                    "order": order,
                },
            )
            save(os.path.join(folder, "ema.pt"), {"widths": net.widths, "unseen": unseen, "weights": average.state_dict(), **line})
            saved, losses = spent, []
            if finished:
                break
        views = []
        for _ in range(BATCH):
            if not order:
                order = [int(n) for n in rng.permutation(len(train))]
            views.append(random_view(train[order.pop()], rng, spent < options.wide * budget, options.coronal))
        images = normalise_window(torch.stack([v[0] for v in views]))
        labels = torch.stack([v[1] for v in views])
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(options.rate, options.least, WARMUP_STEPS, step, spent / budget)
        loss = loss_of(net.levels(images.to(kind)), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        step += 1
        update_average(average, net, step, options.average)
        losses.append(loss.item())


main()
