"""A 2.5D U-Net of three series, the third of which lies obliquely on a finer grid, exported to ONNX; and the mask that torch gives for them
when scipy brings the third onto the first's grid. For channels.test.ts.

Usage: channels.py FOLDER. Writes network.onnx, first.i16, second.i16, third.f32 [k, j, i], labels.u8, case.json (the geometries, LPS).
"""
import json
import sys
import warnings

import numpy as np
import torch
from scipy.ndimage import map_coordinates
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
SIZE = (10, 32, 40)  # k, j, i
SPACING = np.array([1.0, 1.2, 3.0])  # i, j, k, mm
ORIGIN = np.array([-20.0, 5.0, 60.0])
NEIGHBOURS = 1


def scene(point):
    """A smooth image in the world; point: [..., 3] LPS mm."""
    x, y, z = np.moveaxis(point, -1, 0)
    return 400 * np.sin(x / 6) * np.cos(y / 7) + 250 * np.cos(z / 5 + x / 9) + 100 * np.sin(y / 4 - z / 6)


def grid_points(size, spacing, origin, direction):
    """[k, j, i, 3]; rows of direction are the axes i, j, k."""
    k, j, i = np.meshgrid(*[np.arange(n) for n in size], indexing="ij")
    return origin + np.stack([i, j, k], -1) * spacing @ direction


def block(c_in, c_out):
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, 1, 1), nn.BatchNorm2d(c_out), nn.ReLU())


class UNet(nn.Module):
    def __init__(self, c_in):
        super().__init__()
        self.a, self.b, self.c = block(c_in, 12), block(12, 16), block(28, 12)
        self.head = nn.Conv2d(12, 2, 1)

    def forward(self, x):
        a = self.a(x)
        b = F.interpolate(self.b(F.max_pool2d(a, 2)), scale_factor=2, mode="bilinear", align_corners=False)
        return self.head(self.c(torch.cat([a, b], 1)))


def main(folder):
    rng = np.random.default_rng(5)
    straight = np.eye(3)
    angle = 0.35
    turn = np.array([[np.cos(angle), np.sin(angle), 0], [-np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    tilt = np.array([[1, 0, 0], [0, np.cos(0.2), np.sin(0.2)], [0, -np.sin(0.2), np.cos(0.2)]])
    oblique = turn @ tilt
    oblique[2] *= -1  # left-handed
    points = grid_points(SIZE, SPACING, ORIGIN, straight)
    first = np.round(scene(points) + 20 * rng.normal(size=SIZE)).astype(np.int16)
    second = np.round(scene(points + 3) * 0.5 + 20 * rng.normal(size=SIZE)).astype(np.int16)
    size3, spacing3 = (36, 70, 80), np.array([0.8, 0.9, 1.5])
    middle = ORIGIN + (np.array(SIZE[::-1]) - 1) / 2 * SPACING
    origin3 = middle - ((np.array(size3[::-1]) - 1) / 2 * spacing3) @ oblique
    third = (scene(grid_points(size3, spacing3, origin3, oblique) - 2) + 10 * rng.normal(size=size3)).astype(np.float32)

    index = ((points - origin3) @ np.linalg.inv(oblique)) / spacing3
    brought = map_coordinates(third.astype(np.float64), np.moveaxis(index[..., ::-1], -1, 0), order=1)
    assert all(0 <= index[..., a].min() and index[..., a].max() <= size3[2 - a] - 1 for a in range(3))

    z_score = lambda v: (v - v.mean()) / v.std()
    window = (np.clip(second, -200, 200) + 200) / 400.0
    inputs = np.stack([z_score(first.astype(np.float64)), window, z_score(brought)]).astype(np.float32)

    torch.manual_seed(12)
    network = UNet(3 * (2 * NEIGHBOURS + 1)).eval()
    at = np.clip(np.arange(SIZE[0])[:, None] + np.arange(-NEIGHBOURS, NEIGHBOURS + 1), 0, SIZE[0] - 1)
    stack = inputs[:, at].transpose(1, 0, 2, 3, 4).reshape(SIZE[0], -1, *SIZE[1:])
    with torch.no_grad():
        scores = network(torch.from_numpy(np.ascontiguousarray(stack)))
        middle_score = (scores[:, 1] - scores[:, 0]).median()
        network.head.bias[1] -= middle_score
        labels = (network(torch.from_numpy(np.ascontiguousarray(stack))).argmax(1)).numpy().astype(np.uint8)
    first.tofile(f"{folder}/first.i16")
    second.tofile(f"{folder}/second.i16")
    third.tofile(f"{folder}/third.f32")
    labels.tofile(f"{folder}/labels.u8")
    torch.onnx.export(network, torch.from_numpy(stack[:1].copy()), f"{folder}/network.onnx", opset_version=11,
                      input_names=["image"], output_names=["scores"])
    geometry = lambda size, spacing, origin, direction: {
        "size": list(reversed(size)), "spacingMm": spacing.tolist(), "originLps": origin.tolist(), "direction": direction.tolist()}
    json.dump({"first": geometry(SIZE, SPACING, ORIGIN, straight), "third": geometry(size3, spacing3, origin3, oblique)},
              open(f"{folder}/case.json", "w"))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1])
