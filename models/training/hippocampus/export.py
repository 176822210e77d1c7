#!/usr/bin/env python3
"""Writes the trained members as one ONNX network, with what a test needs to compare ONNX Runtime with PyTorch.

Usage: export.py DATA OUT PACK [--members 0 1] [--mirror]
OUT is the training's folder, PACK the model's (models/hippocampus). Writes PACK/model.onnx, PACK/golden, OUT/export.json and
OUT/check (whole validation windows with all scores; next: checkOnnx.ts), and brings the file's hash into PACK/manifest.json
where that exists.
"""
import argparse
import hashlib
import json
import os

import numpy as np
import torch

from dataset import WINDOW, pad_to_window, read_case, read_split
from ensemble import build

CHECKS = 4


def fitting_windows(data):
    """Validation cases that lie in one window, as the network reads them."""
    for name in read_split()["validation"]:
        image, _ = read_case(data, name)
        padded, _ = pad_to_window(image)
        if padded.shape == WINDOW:
            yield name, padded


def answer(net, window):
    with torch.no_grad():
        return net(torch.from_numpy(window)[None, None])[0].numpy()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("pack")
    parser.add_argument("--members", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--mirror", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(2)
    net, how = build(options.out, options.data, options.members, options.mirror)
    for member in net.members:
        member.heads = member.heads[:1]  # the coarse heads served training alone
    os.makedirs(os.path.join(options.pack, "golden"), exist_ok=True)
    network = os.path.join(options.pack, "model.onnx")
    torch.onnx.export(
        net,
        torch.zeros((1, 1) + WINDOW),
        network,
        opset_version=13,
        input_names=["image"],
        output_names=["scores"],
        dynamic_axes={"image": {2: "k", 3: "j", 4: "i"}, "scores": {2: "k", 3: "j", 4: "i"}},
    )
    with open(network, "rb") as file:
        sha256 = hashlib.sha256(file.read()).hexdigest()

    check = os.path.join(options.out, "check")
    os.makedirs(check, exist_ok=True)
    windows = list(fitting_windows(options.data))[:CHECKS]
    for n, (name, window) in enumerate(windows):
        scores = answer(net, window)
        window.astype("<f4").tofile(os.path.join(check, f"{n}.input.f32"))
        scores.astype("<f4").tofile(os.path.join(check, f"{n}.scores.f32"))
        if n == 0:
            golden = os.path.join(options.pack, "golden")
            window.astype("<f4").tofile(os.path.join(golden, "input.f32"))
            scores.argmax(0).astype("u1").tofile(os.path.join(golden, "labels.u8"))
            row = scores[:, WINDOW[0] // 2, WINDOW[1] // 2, :]
            np.ascontiguousarray(row).astype("<f4").tofile(os.path.join(golden, "scores.f32"))
    report = {
        **how,
        "sha256": sha256,
        "bytes": os.path.getsize(network),
        "parameters": sum(p.numel() for p in net.parameters()),
        "golden": windows[0][0],
        "window": WINDOW,
    }
    with open(os.path.join(options.out, "export.json"), "w") as file:
        json.dump(report, file, indent=1)
    manifest = os.path.join(options.pack, "manifest.json")
    if os.path.exists(manifest):
        with open(manifest) as file:
            text = file.read()
        text = text.replace(json.loads(text)["files"][0]["sha256"], sha256)
        with open(manifest, "w") as file:
            file.write(text)
    print(json.dumps(report, indent=1))


main()
