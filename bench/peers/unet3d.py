"""
The 3D U-Net of the benchmark (16-32-64-128, two 3x3x3 convolutions with batch norm and ReLU a level, 96^3 windows, random weights, seeded).

export FILE:            writes it as ONNX
run JSON:               runs it by PyTorch over a volume, as the engine's manifest says: fixed window, sliding windows with Gaussian
                        weights, class of the highest score. JSON: {volume, size: [i, j, k], starts: [[i, j, k]], mask}; `volume` holds
                        int16, i fastest. Prints the seconds from the voxels in memory to the mask.
"""
import json
import sys
import time

import numpy as np
import torch
from torch import nn

SIDE = 96
CLASSES = 14


def two(i, o):
    layers = []
    for a, b in ((i, o), (o, o)):
        layers += [nn.Conv3d(a, b, 3, padding=1), nn.BatchNorm3d(b), nn.ReLU()]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    def __init__(self, widths=(16, 32, 64, 128)):
        super().__init__()
        self.down = nn.ModuleList([two(i, o) for i, o in zip((1,) + widths[:-1], widths)])
        self.up = nn.ModuleList([nn.ConvTranspose3d(b, a, 2, 2) for a, b in zip(widths[:-1], widths[1:])])
        self.join = nn.ModuleList([two(2 * a, a) for a in widths[:-1]])
        self.head = nn.Conv3d(widths[0], CLASSES, 1)
        self.pool = nn.MaxPool3d(2)

    def forward(self, x):
        skips = []
        for n, level in enumerate(self.down):
            x = level(self.pool(x) if n else x)
            skips.append(x)
        for n in reversed(range(len(self.up))):
            x = self.join[n](torch.cat([skips[n], self.up[n](x)], 1))
        return self.head(x)


def network():
    torch.manual_seed(20261128)
    net = UNet()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm3d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.2)
    # Random weights shrink the signal layer by layer: scores are spread, so that classes differ in more than rounding.
    net.head.weight.data *= 20
    return net.eval()


def gaussian():
    n = np.arange(SIDE)
    along = np.maximum(0.01, np.exp(-0.5 * ((n - (SIDE - 1) / 2) / (SIDE / 8)) ** 2)).astype(np.float32)
    return along[:, None, None] * along[None, :, None] * along[None, None, :]


def run(order):
    ni, nj, nk = order['size']
    voxels = np.fromfile(order['volume'], np.int16).reshape(nk, nj, ni)
    net = network()
    start = time.perf_counter()
    image = (np.clip(voxels.astype(np.float32), -160, 240) + 160) / 400
    scores = np.zeros((CLASSES, nk, nj, ni), np.float32)
    weights = np.zeros((nk, nj, ni), np.float32)
    weight = gaussian()
    with torch.inference_mode():
        for i, j, k in order['starts']:
            place = (slice(k, k + SIDE), slice(j, j + SIDE), slice(i, i + SIDE))
            window = torch.from_numpy(image[place].copy())[None, None]
            scores[(slice(None),) + place] += net(window)[0].numpy() * weight
            weights[place] += weight
    mask = (scores / weights).argmax(0).astype(np.uint8)
    seconds = time.perf_counter() - start
    mask.tofile(order['mask'])
    print(json.dumps({'seconds': seconds}))


if sys.argv[1] == 'export':
    torch.onnx.export(network(), torch.zeros(1, 1, SIDE, SIDE, SIDE), sys.argv[2], opset_version=13,
                      input_names=['image'], output_names=['scores'])
else:
    run(json.loads(sys.argv[2]))
