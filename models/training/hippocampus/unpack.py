#!/usr/bin/env python3
"""The members of a pack that export.py wrote, as OUT/memberN/ema.pt, so that training can go on from them, or others learn from them.

Usage: unpack.py PACK OUT [FIRST]. Numbers begin with FIRST (default 0). Needs Debian's python3-onnx. The coarse heads, which served
training alone, are new; the temperature that export.py folded into the last layers stays there.
"""
import os
import re
import sys

import onnx
import torch
from onnx import numpy_helper

from dataset import read_split
from network import UNet

pack, out = sys.argv[1:3]
first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
tensors = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(os.path.join(pack, "model.onnx")).graph.initializer}
ups = [re.fullmatch(r"((?:ensemble\.)?members\.)(\d+)\.up\.(\d+)\.weight", name) for name in tensors]
members = sorted({int(found[2]) for found in ups if found})
assert members, f"{pack} holds no members"
prefix = next(found[1] for found in ups if found)
# What PyTorch folded or renamed lies in the order in which the network uses it; the borders' networks come behind the members.
renamed = iter([tensor for name, tensor in tensors.items() if name.startswith("onnx::")])


def take(parameter):
    tensor = next(renamed)
    assert tensor.shape == parameter.shape, (tensor.shape, parameter.shape)
    parameter.data.copy_(tensor)


def take_block(block):
    for convolution, norm in ((block.conv1, block.norm1), (block.conv2, block.norm2)):
        for parameter in (convolution.weight, norm.weight, norm.bias):
            take(parameter)
    if block.around is not None:
        take(block.around.weight)


for member in members:
    own = [tensors[f"{prefix}{member}.up.{n}.weight"] for n in range(3)]
    net = UNet([own[0].shape[1]] + [up.shape[0] for up in own])
    for block in net.down:
        take_block(block)
    for block in reversed(net.join):
        take_block(block)
    take(net.heads[0].bias)
    take(net.heads[0].weight)
    with torch.no_grad():
        for parameter in net.heads[0].parameters():
            parameter *= len(members)
    for up, tensor in zip(net.up, own):
        up.weight.data.copy_(tensor)
    folder = os.path.join(out, f"member{first + member}")
    os.makedirs(folder, exist_ok=True)
    kept = {"widths": net.widths, "unseen": read_split()["validation"], "weights": net.state_dict()}
    torch.save(kept, os.path.join(folder, "ema.pt"))
