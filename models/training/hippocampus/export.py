#!/usr/bin/env python3
"""Writes the trained members as one ONNX network, with what a test needs to compare ONNX Runtime with PyTorch.

Usage: export.py DATA OUT PACK [--members 0 1] [--axes ijk] [--borders 0 1 2 3 4]
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

from dataset import MULTIPLE, WINDOW, normalise, pad_to_window, read_case, read_split
from ensemble import add_options, build, read_options
from memory import keep_memory
from network import UNet

CHECKS = 4
GOLDEN_SIDE = 40


def golden_cube():
    """A made-up head of a hippocampus, so that no patient's voxels ship: grey bodies in brighter white matter, noise.

    @returns [k, j, i], z-scored as the manifest says; the same on every machine
    """
    random = np.random.default_rng(20261128)
    k, j, i = np.meshgrid(*[np.arange(GOLDEN_SIDE)] * 3, indexing="ij")
    image = np.full((GOLDEN_SIDE,) * 3, 100.0)

    def ellipsoid(centre, radii, value):
        inside = sum(((x - c) / r) ** 2 for x, c, r in zip((k, j, i), centre, radii))
        soft = 1 / (1 + np.exp(8 * (np.sqrt(inside) - 1)))
        image[:] = image * (1 - soft) + value * soft

    ellipsoid((20, 26, 20), (6, 8, 7), 70.0)
    ellipsoid((24, 13, 22), (5, 10, 5), 72.0)
    ellipsoid((29, 18, 20), (3, 12, 4), 25.0)
    return normalise(image + 3 * random.standard_normal(image.shape))


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
    parser = add_options(argparse.ArgumentParser())
    parser.add_argument("pack")
    options = read_options(parser)
    keep_memory()
    torch.set_num_threads(2)
    net, how = build(options)
    for member in net.modules():
        if isinstance(member, UNet):
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

    assert GOLDEN_SIDE % MULTIPLE == 0
    golden, cube = os.path.join(options.pack, "golden"), golden_cube()
    scores = answer(net, cube)
    labels = scores.argmax(0)
    cube.astype("<f4").tofile(os.path.join(golden, "input.f32"))
    labels.astype("u1").tofile(os.path.join(golden, "labels.u8"))
    row = scores[:, GOLDEN_SIDE // 2, GOLDEN_SIDE // 2, :]
    np.ascontiguousarray(row).astype("<f4").tofile(os.path.join(golden, "scores.f32"))
    report = {
        **how,
        "sha256": sha256,
        "bytes": os.path.getsize(network),
        "parameters": sum(p.numel() for p in net.parameters()),
        "goldenVoxels": np.bincount(labels.ravel(), minlength=3).tolist(),
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
