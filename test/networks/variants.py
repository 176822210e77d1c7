"""A 2D U-Net of ordinary width, trained for a few seconds to find bright and dark balls in noise, for the tests of 8-bit and pruned variants:
a network with random weights decides by next to nothing, and says nothing of what a variant loses.

Usage: variants.py FOLDER. Writes network.onnx ([1, 1, j, i] of any size in fours to [1, 3, j, i]), and of two volumes of SIDE³ voxels [k, j, i]:
golden.input.f32 with golden.labels.u8 (z-scored over the volume; torch's answer, slice by slice), and volume.i16 (another one, as it is).
"""
import sys
import warnings

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
SIDE = 48
STEPS = 60


def block(c_in, c_out):
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, 1, 1), nn.BatchNorm2d(c_out), nn.ReLU(),
                         nn.Conv2d(c_out, c_out, 3, 1, 1), nn.BatchNorm2d(c_out), nn.ReLU())


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = block(1, 32), block(32, 48), block(48, 64)
        self.d, self.e = block(112, 48), block(80, 32)
        self.head = nn.Conv2d(32, 3, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool2d(a, 2))
        c = self.c(F.max_pool2d(b, 2))
        d = self.d(torch.cat([F.interpolate(c, scale_factor=2, mode="nearest"), b], 1))
        return self.head(self.e(torch.cat([F.interpolate(d, scale_factor=2, mode="nearest"), a], 1)))


def scene(rng):
    """Noise with balls. @returns values and labels, [k, j, i]"""
    grid = np.stack(np.meshgrid(*[np.arange(SIDE)] * 3, indexing="ij"))
    values = 100 + 12 * rng.normal(size=(SIDE,) * 3)
    labels = np.zeros((SIDE,) * 3, np.uint8)
    for n in range(8):
        centre, radius, label = rng.uniform(8, SIDE - 8, 3), rng.uniform(5, 9), 1 + n % 2
        inside = np.sqrt(((grid - centre[:, None, None, None]) ** 2).sum(0)) < radius
        values[inside & (labels == 0)] += 80 if label == 1 else -70
        labels[inside & (labels == 0)] = label
    return np.round(values), labels


def scored(values):
    return ((values - values.mean()) / values.std()).astype(np.float32)


def main(folder):
    rng = np.random.default_rng(11)
    torch.manual_seed(11)
    net = UNet().train()
    steps = torch.optim.Adam(net.parameters(), 3e-3)
    x, y = scene(rng)
    x, y = torch.from_numpy(scored(x)), torch.from_numpy(y.astype(np.int64))
    for _ in range(STEPS):
        at = torch.from_numpy(rng.choice(SIDE, 4, replace=False))
        steps.zero_grad()
        F.cross_entropy(net(x[at][:, None]), y[at]).backward()
        steps.step()
    net.eval()
    golden = scored(scene(rng)[0])
    with torch.no_grad():
        labels = torch.cat([net(torch.from_numpy(s)[None, None]) for s in golden]).argmax(1).numpy().astype(np.uint8)
    share = np.bincount(labels.ravel(), minlength=3) / labels.size
    assert share.min() > 0.02, share
    golden.tofile(f"{folder}/golden.input.f32")
    labels.tofile(f"{folder}/golden.labels.u8")
    scene(rng)[0].astype(np.int16).tofile(f"{folder}/volume.i16")
    torch.onnx.export(net, torch.zeros(1, 1, 64, 64), f"{folder}/network.onnx", opset_version=11, input_names=["image"], output_names=["scores"],
                      dynamic_axes={"image": {2: "j", 3: "i"}, "scores": {2: "j", 3: "i"}})


torch.set_num_threads(1)
main(sys.argv[1])
