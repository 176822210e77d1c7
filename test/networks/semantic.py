"""Semantic networks of the kinds that clinics use, with seeded random weights, exported to ONNX with torch 1.13; and what each answers on
one noisy volume, computed here by torch and by a sliding window of its own (NumPy), for exportedNetworks.test.ts to compare with.

Usage: semantic.py FOLDER. Arrays are [k, j, i] with i fastest. Writes volume.i16, and per network NAME.onnx, NAME.window.f32 (one input),
NAME.scores.f32 (torch's answer to it), NAME.labels.u8 (the mask of the whole volume), cases.json.
"""
import json
import sys
import warnings

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.onnx import register_custom_op_symbolic

warnings.filterwarnings("ignore")
SIZE = (14, 40, 48)  # k, j, i
CLASSES = 3


def block(dims, c_in, c_out, dilation=1, stride=1):
    conv, norm = (nn.Conv2d, nn.BatchNorm2d) if dims == 2 else (nn.Conv3d, nn.BatchNorm3d)
    return nn.Sequential(conv(c_in, c_out, 3, stride, dilation, dilation), norm(c_out), nn.ReLU())


class Fcn(nn.Module):
    """Two poolings, scores at two scales, brought back by transposed convolutions."""

    def __init__(self, c_in):
        super().__init__()
        self.a, self.b, self.c = block(2, c_in, 8), block(2, 8, 12), block(2, 12, 16)
        self.score_b, self.score_c = nn.Conv2d(12, CLASSES, 1), nn.Conv2d(16, CLASSES, 1)
        self.up_c = nn.ConvTranspose2d(CLASSES, CLASSES, 4, 2, 1)
        self.up_b = nn.ConvTranspose2d(CLASSES, CLASSES, 4, 2, 1)

    def forward(self, x):
        b = self.b(F.max_pool2d(self.a(x), 2))
        c = self.c(F.max_pool2d(b, 2))
        return self.up_b(self.score_b(b) + self.up_c(self.score_c(c)))


class UNet(nn.Module):
    def __init__(self, dims, c_in):
        super().__init__()
        up = nn.ConvTranspose2d if dims == 2 else nn.ConvTranspose3d
        conv = nn.Conv2d if dims == 2 else nn.Conv3d
        self.pool = F.max_pool2d if dims == 2 else F.max_pool3d
        self.a, self.b, self.c = block(dims, c_in, 8), block(dims, 8, 12), block(dims, 12, 16)
        self.up_c, self.up_b = up(16, 12, 2, 2), up(12, 8, 2, 2)
        self.d, self.e, self.head = block(dims, 24, 12), block(dims, 16, 8), conv(8, CLASSES, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(self.pool(a, 2))
        c = self.c(self.pool(b, 2))
        d = self.d(torch.cat([self.up_c(c), b], 1))
        return self.head(self.e(torch.cat([self.up_b(d), a], 1)))


class SegNet(nn.Module):
    """Un-pools to where the maxima were. "unpool" exports ONNX's own MaxUnpool, "scatter" standard ScatterElements."""

    def __init__(self, c_in, how):
        super().__init__()
        self.how = how
        self.a, self.b = block(2, c_in, 8), block(2, 8, 12)
        self.d, self.e, self.head = block(2, 12, 8), block(2, 8, 8), nn.Conv2d(8, CLASSES, 1)

    def unpool(self, x, at, like):
        if self.how == "unpool":
            return F.max_unpool2d(x, at, 2, output_size=like.shape[2:])
        n, c, h, w = like.shape
        flat = torch.zeros(n, c, h * w).scatter(2, at.reshape(n, c, -1), x.reshape(n, c, -1))
        return flat.reshape(n, c, h, w)

    def forward(self, x):
        a = self.a(x)
        pooled_a, at_a = F.max_pool2d(a, 2, return_indices=True)
        b = self.b(pooled_a)
        pooled_b, at_b = F.max_pool2d(b, 2, return_indices=True)
        d = self.d(self.unpool(pooled_b, at_b, b))
        return self.head(self.e(self.unpool(d, at_a, a)))


class Residual(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(),
            nn.Conv2d(c_out, c_out, 3, 1, 1, bias=False), nn.BatchNorm2d(c_out))
        self.short = nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))

    def forward(self, x):
        return F.relu(self.body(x) + self.short(x))


class ResNetEncoder(nn.Module):
    """A strided stem with overlapping pooling, residual stages, a decoder by bilinear resizing."""

    def __init__(self, c_in):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(c_in, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.one, self.two = Residual(8, 8, 1), Residual(8, 16, 2)
        self.mid, self.head = block(2, 24, 12), nn.Conv2d(12, CLASSES, 1)

    def forward(self, x):
        one = self.one(self.stem(x))
        two = F.interpolate(self.two(one), scale_factor=2, mode="bilinear", align_corners=False)
        return F.interpolate(self.head(self.mid(torch.cat([two, one], 1))), scale_factor=4, mode="bilinear", align_corners=True)


class DenseNetEncoder(nn.Module):
    """Layers that read all before them, batch norm first, transitions by mean pooling, nearest-neighbour resizing back."""

    def __init__(self, c_in, growth=6):
        super().__init__()
        layer = lambda c: nn.Sequential(nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, growth, 3, 1, 1, bias=False))
        self.stem = nn.Conv2d(c_in, 8, 3, 1, 1)
        self.one = nn.ModuleList([layer(8 + n * growth) for n in range(3)])
        self.transition = nn.Sequential(nn.BatchNorm2d(26), nn.ReLU(), nn.Conv2d(26, 12, 1), nn.AvgPool2d(2))
        self.two = nn.ModuleList([layer(12 + n * growth) for n in range(3)])
        self.head = nn.Conv2d(26 + 30, CLASSES, 1)

    def forward(self, x):
        one = self.stem(x)
        for layer in self.one:
            one = torch.cat([one, layer(one)], 1)
        two = self.transition(one)
        for layer in self.two:
            two = torch.cat([two, layer(two)], 1)
        return self.head(torch.cat([one, F.interpolate(two, scale_factor=2, mode="nearest")], 1))


class MeshNet(nn.Module):
    def __init__(self, c_in):
        super().__init__()
        widths = [c_in, 6, 6, 6, 6]
        self.body = nn.Sequential(*[block(3, a, b, d) for a, b, d in zip(widths, widths[1:], [1, 2, 4, 1])])
        self.head = nn.Conv3d(6, CLASSES, 1)

    def forward(self, x):
        return self.head(self.body(x))


def max_unpool2d(g, x, indices, output_size):
    """torch counts a maximum's place within its own plane, ONNX within the whole tensor: planes are added."""
    sizes = [int(n) for n in x.type().sizes()]
    height, width = 2 * sizes[2], 2 * sizes[3]
    planes = torch.arange(sizes[0] * sizes[1]).reshape(sizes[0], sizes[1], 1, 1) * (height * width)
    flat = g.op("Add", indices, g.op("Constant", value_t=planes))
    shape = g.op("Constant", value_t=torch.tensor([sizes[0], sizes[1], height, width]))
    return g.op("MaxUnpool", x, flat, shape, kernel_shape_i=[2, 2], strides_i=[2, 2])


def starts(grid, size, overlap):
    if grid <= size:
        return [0]
    step = max(1, int(size * (1 - overlap)))
    count = -(-(grid - size) // step) + 1
    return [int(np.floor(n * (grid - size) / (count - 1) + 0.5)) for n in range(count)]


def bell(size):
    return np.maximum(0.01, np.exp(-0.5 * ((np.arange(size) - (size - 1) / 2) / (size / 8)) ** 2))


def sliding(network, x, window, overlap):
    """Mean of the windows' scores with Gaussian weights, in double precision. x: [channel, k, j, i]; window: k, j, i."""
    total = np.zeros((CLASSES,) + x.shape[1:])
    weights = np.zeros(x.shape[1:])
    bells = [bell(n) for n in window]
    weight = bells[0][:, None, None] * bells[1][None, :, None] * bells[2][None, None, :]
    for k in starts(x.shape[1], window[0], overlap):
        for j in starts(x.shape[2], window[1], overlap):
            for i in starts(x.shape[3], window[2], overlap):
                at = np.s_[k:k + window[0], j:j + window[1], i:i + window[2]]
                total[(slice(None),) + at] += weight * network(x[(slice(None),) + at])
                weights[at] += weight
    return total / weights


def noisy_volume(rng):
    rough = torch.from_numpy(rng.normal(size=(1, 1, 5, 9, 10)))
    smooth = F.interpolate(rough, SIZE, mode="trilinear", align_corners=True)[0, 0].numpy()
    return np.round(300 * smooth + 40 * rng.normal(size=SIZE)).astype(np.int16)


def main(folder):
    rng = np.random.default_rng(8)
    volume = noisy_volume(rng)
    volume.tofile(f"{folder}/volume.i16")
    x = ((volume - volume.mean()) / volume.std()).astype(np.float32)

    # name, network, dimensions, neighbours on each side, window (k, j, i)
    specs = [
        ("fcn", lambda: Fcn(1), 2, 0, None),
        ("unet2d", lambda: UNet(2, 1), 2, 0, None),
        ("unet2d-windows", lambda: UNet(2, 1), 2, 0, (1, 24, 32)),
        ("unet2.5d", lambda: UNet(2, 5), 2, 2, None),
        ("segnet-unpool", lambda: SegNet(1, "unpool"), 2, 0, None),
        ("segnet-scatter", lambda: SegNet(1, "scatter"), 2, 0, None),
        ("resnet", lambda: ResNetEncoder(1), 2, 0, None),
        ("densenet", lambda: DenseNetEncoder(1), 2, 0, None),
        ("unet3d", lambda: UNet(3, 1), 3, 0, (8, 24, 24)),
        ("meshnet", lambda: MeshNet(1), 3, 0, None),
    ]
    cases = []
    for n, (name, make, dims, neighbours, window) in enumerate(specs):
        torch.manual_seed(100 + (n if name != "segnet-scatter" else n - 1))
        network = make().eval()
        shape = window or ((1,) + SIZE[1:] if dims == 2 else SIZE)

        def answer(channels):
            """[channel, k, j, i] to [class, k, j, i]"""
            with torch.no_grad():
                t = torch.from_numpy(np.ascontiguousarray(channels))[None]
                return (network(t[:, :, 0])[:, :, None] if dims == 2 else network(t))[0].numpy()

        if dims == 2:
            at = np.clip(np.arange(SIZE[0])[:, None] + np.arange(-neighbours, neighbours + 1), 0, SIZE[0] - 1)
            stack = np.moveaxis(x[at], 1, 0)
        else:
            stack = x[None]
        # Without this a random network gives nearly every voxel to one class.
        scores = sliding(answer, stack, shape, 0.5)
        middle = np.median(scores.reshape(CLASSES, -1), 1).astype(np.float32)
        with torch.no_grad():
            (network.up_b if name == "fcn" else network.head).bias -= torch.from_numpy(middle)
        scores -= middle[:, None, None, None]
        labels = scores.argmax(0).astype(np.uint8)
        share = np.bincount(labels.ravel(), minlength=CLASSES) / labels.size
        assert share.min() > 0.02, (name, share)

        first = stack[(slice(None),) + tuple(slice(0, m) for m in shape)]
        tensor = torch.from_numpy(np.ascontiguousarray(first))[None]
        tensor = tensor[:, :, 0] if dims == 2 else tensor
        first.tofile(f"{folder}/{name}.window.f32")
        answer(first).tofile(f"{folder}/{name}.scores.f32")
        labels.tofile(f"{folder}/{name}.labels.u8")
        torch.onnx.export(network, tensor, f"{folder}/{name}.onnx", opset_version=11, input_names=["image"], output_names=["scores"])
        cases.append({"name": name, "dimensions": dims, "neighbours": neighbours, "window": window and list(reversed(window)),
                      "input": list(tensor.shape), "share": share.tolist()})
    json.dump({"size": list(reversed(SIZE)), "classes": CLASSES, "cases": cases}, open(f"{folder}/cases.json", "w"))


if __name__ == "__main__":
    register_custom_op_symbolic("aten::max_unpool2d", max_unpool2d, 11)
    torch.set_num_threads(1)
    main(sys.argv[1])
