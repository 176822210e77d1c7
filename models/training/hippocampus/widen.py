"""Weights of a wider network that computes what a narrower one does, so that training can go on with more channels.

Every channel is copied; what reads a channel shares its weight out between the copies, unevenly, so that they part in training
(after Chen, Goodfellow and Shlens, Net2Net, 2016).
"""
import numpy as np
import torch

from network import UNet

UNEVEN = 0.3


def sources(old, new):
    """@returns for each of `new` channels the one of `old` that it copies"""
    return np.arange(new) % old


def shares(source, rng):
    """@returns for each copy its share of the reader's weight; the copies of one channel add up to 1"""
    raw = 1 + rng.uniform(-UNEVEN, UNEVEN, len(source))
    total = np.bincount(source, raw)
    return torch.from_numpy((raw / total[source]).astype(np.float32))


def widened(weights, widths, wider, seed):
    """
    @param weights state of UNet(widths)
    @returns state of UNet(wider), which gives the same logits
    """
    rng = np.random.default_rng(seed)
    result = {}
    levels = [sources(a, b) for a, b in zip(widths, wider)]
    image = np.arange(1)

    def spread(name, axis, source, shared):
        tensor = result.get(name, weights[name])
        tensor = tensor.index_select(axis, torch.from_numpy(source))
        if shared:
            shape = [1] * tensor.dim()
            shape[axis] = -1
            tensor = tensor * shares(source, rng).reshape(shape)
        result[name] = tensor

    def block(name, reads, writes):
        for part in ("norm1", "norm2"):
            for what in ("weight", "bias"):
                spread(f"{name}.{part}.{what}", 0, writes, False)
        for part, source in (("conv1", reads), ("conv2", writes), ("around", reads)):
            if f"{name}.{part}.weight" in weights:
                spread(f"{name}.{part}.weight", 0, writes, False)
                spread(f"{name}.{part}.weight", 1, source, True)

    for n, own in enumerate(levels):
        block(f"down.{n}", image if n == 0 else levels[n - 1], own)
    for n, (own, below) in enumerate(zip(levels, levels[1:])):
        spread(f"up.{n}.weight", 0, below, True)
        spread(f"up.{n}.weight", 1, own, False)
        block(f"join.{n}", np.concatenate([own, own + widths[n]]), own)
        spread(f"heads.{n}.weight", 1, own, True)
        result[f"heads.{n}.bias"] = weights[f"heads.{n}.bias"]
    UNet(wider).load_state_dict(result)  # refuses what does not fit
    return result
