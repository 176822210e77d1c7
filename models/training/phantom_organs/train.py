#!/usr/bin/env python3
"""Trains the demonstration network on computer-made phantoms and writes it as ONNX.

Usage: train.py FOLDER OUT.onnx [MINUTES]
FOLDER comes from exportPhantoms.ts. Arrays are [k, j, i], 4 mm, normalised as the manifest says. Seeded, one thread, processor
only; needs PyTorch 1.13 or later and NumPy. Prints Dice per structure on the phantoms that training never saw.
"""
import glob
import json
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

FOLDER, OUT = sys.argv[1], sys.argv[2]
MINUTES = float(sys.argv[3]) if len(sys.argv) > 3 else 12.0
CLASSES = 17
MULTIPLE = 8
CROP = (48, 64, 64)
BATCH = 2

torch.manual_seed(20261125)
torch.set_num_threads(1)
rng = np.random.default_rng(20261125)


def block(inputs, outputs):
    """Two convolutions; batch normalisation, because it disappears into the convolution on export."""
    layers = []
    for n in (inputs, outputs):
        layers += [nn.Conv3d(n, outputs, 3, padding=1, bias=False), nn.BatchNorm3d(outputs), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """Three poolings: at 4 mm the deepest layer sees more than half of the torso, which tells left from right."""

    def __init__(self, widths=(8, 16, 32, 48)):
        super().__init__()
        self.down = nn.ModuleList(block(a, b) for a, b in zip((1,) + widths, widths))
        self.up = nn.ModuleList(nn.ConvTranspose3d(b, a, 2, stride=2) for a, b in zip(widths, widths[1:]))
        self.join = nn.ModuleList(block(2 * a, a) for a in widths[:-1])
        self.head = nn.Conv3d(widths[0], CLASSES, 1)

    def forward(self, x):
        kept = []
        for n, stage in enumerate(self.down):
            x = stage(x if n == 0 else F.max_pool3d(x, 2))
            kept.append(x)
        for n in reversed(range(len(self.up))):
            x = self.join[n](torch.cat([kept[n], self.up[n](x)], 1))
        return self.head(x)


def load(prefix):
    cases = []
    for image in sorted(glob.glob(os.path.join(FOLDER, prefix + "*.image.npy"))):
        cases.append((np.load(image), np.load(image.replace(".image.", ".truth."))))
    return cases


def crop(case):
    """A random box, padded with 0 where the phantom is shorter; noise, offset and gain as between scanners."""
    image, truth = case
    need = [(0, max(0, c - n)) for c, n in zip(CROP, image.shape)]
    image, truth = np.pad(image, need), np.pad(truth, need)
    at = [rng.integers(0, n - c + 1) for c, n in zip(CROP, image.shape)]
    box = tuple(slice(a, a + c) for a, c in zip(at, CROP))
    x = image[box] * rng.uniform(0.95, 1.05) + rng.uniform(-0.02, 0.02)
    x = x + rng.normal(0, rng.uniform(0, 0.015), x.shape)
    return x.astype(np.float32), truth[box].astype(np.int64)


def loss_of(logits, truth, weights):
    """Cross-entropy with a little more weight for small structures, plus soft Dice over the structures in the batch."""
    entropy = F.cross_entropy(logits, truth, weight=weights)
    p = logits.softmax(1)
    t = F.one_hot(truth, CLASSES).movedim(-1, 1).float()
    axes = (0, 2, 3, 4)
    size = t.sum(axes)
    dice = (2 * (p * t).sum(axes) + 1) / (p.sum(axes) + size + 1)
    return entropy + 1 - dice[1:][size[1:] > 0].mean()


def predict(net, image):
    """The whole volume at once, padded as the manifest says: centred, to a multiple of 8."""
    pads = []
    for n in image.shape:
        extra = -n % MULTIPLE
        pads.append((extra // 2, extra - extra // 2))
    x = torch.from_numpy(np.pad(image, pads))[None, None]
    with torch.no_grad():
        y = net(x)[0].argmax(0).numpy()
    return y[tuple(slice(a, n - b) for (a, b), n in zip(pads, y.shape))]


def dice_table(net, cases):
    scores = np.full((len(cases), CLASSES), np.nan)
    for n, (image, truth) in enumerate(cases):
        got = predict(net, image)
        for k in range(1, CLASSES):
            a, b = got == k, truth == k
            if b.any():
                scores[n, k] = 2 * (a & b).sum() / (a.sum() + b.sum())
    return scores


def main():
    cases = load("train-")
    net = UNet()
    counts = np.bincount(np.concatenate([t.ravel() for _, t in cases]), minlength=CLASSES)
    weights = torch.tensor((counts.sum() / np.maximum(counts, 1)) ** 0.25, dtype=torch.float32)
    weights /= weights.mean()
    optimiser = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=1e-4)
    start, step, seen = time.time(), 0, []
    while (spent := (time.time() - start) / 60) < MINUTES:
        for group in optimiser.param_groups:
            group["lr"] = 4e-3 * max(1 - spent / MINUTES, 0.01) ** 0.9
        x, y = zip(*(crop(cases[rng.integers(len(cases))]) for _ in range(BATCH)))
        loss = loss_of(net(torch.from_numpy(np.stack(x))[:, None]), torch.from_numpy(np.stack(y)), weights)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        seen.append(loss.item())
        if step % 50 == 0:
            print(f"step {step}, {spent:.1f} min, loss {np.mean(seen[-50:]):.3f}", flush=True)
    net.eval()
    shape = (1, 1, 80, 96, 96)
    torch.onnx.export(
        net,
        torch.zeros(shape),
        OUT,
        opset_version=13,
        input_names=["image"],
        output_names=["scores"],
        dynamic_axes={"image": {2: "k", 3: "j", 4: "i"}, "scores": {2: "k", 3: "j", 4: "i"}},
    )
    unseen, demonstration = dice_table(net, load("unseen-")), dice_table(net, load("demonstration"))
    report = {
        "steps": step,
        "minutes": round(MINUTES, 1),
        "parameters": sum(p.numel() for p in net.parameters()),
        "unseen": {k: round(float(np.nanmean(unseen[:, k])), 4) for k in range(1, CLASSES)},
        "worstUnseen": {k: round(float(np.nanmin(unseen[:, k])), 4) for k in range(1, CLASSES)},
        "demonstration": {k: round(float(demonstration[0, k]), 4) for k in range(1, CLASSES)},
    }
    print(json.dumps(report, indent=1))
    # A small input with this network's own answer, to compare ONNX Runtime with.
    image, _ = load("unseen-0")[0]
    middle = tuple(slice(n // 2 - 12, n // 2 + 12) for n in image.shape)
    small = np.ascontiguousarray(image[middle])
    with torch.no_grad():
        scores = net(torch.from_numpy(small)[None, None])[0].numpy()
    golden = os.path.join(os.path.dirname(OUT), "golden")
    os.makedirs(golden, exist_ok=True)
    small.astype("<f4").tofile(os.path.join(golden, "input.f32"))
    scores.argmax(0).astype("u1").tofile(os.path.join(golden, "labels.u8"))
    np.ascontiguousarray(scores[:, 12, 12, :]).astype("<f4").tofile(os.path.join(golden, "scores.f32"))


main()
