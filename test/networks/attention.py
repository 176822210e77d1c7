"""A small 3D Attention U-Net (Oktay et al. 2018) with seeded random weights and two attention gates, exported to ONNX with torch 1.13 with the
gates' maps as further outputs; and its maps over one noisy volume, computed here by torch and by a sliding window of its own (NumPy),
for attention.test.ts to compare with.

Usage: attention.py FOLDER. Arrays are [k, j, i] with i fastest. Writes volume.i16, attention.onnx, window.f32 (one input), scores.f32 and
gate1.f32, gate2.f32 (torch's answers to it), map1.f32, map2.f32 (of the whole volume), cases.json.
"""
import json
import sys
import warnings

import numpy as np
import torch
from semantic import SIZE, block, noisy_volume, sliding
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
WINDOW = (8, 24, 24)
CLASSES = 3


class Gate(nn.Module):
    """How much of each place of the skip connection passes, 0 to 1."""

    def __init__(self, skip, signal, between):
        super().__init__()
        self.of_skip, self.of_signal = nn.Conv3d(skip, between, 1), nn.Conv3d(signal, between, 1)
        self.psi = nn.Conv3d(between, 1, 1)

    def forward(self, skip, signal):
        at = torch.sigmoid(self.psi(self.between(skip, signal)))
        return skip * at, at

    def between(self, skip, signal):
        return F.relu(self.of_skip(skip) + self.of_signal(signal))

    def open_and_close(self, skip, signal):
        """Without this a random gate lets everything through alike."""
        raw = self.psi(self.between(skip, signal))
        self.psi.bias -= raw.mean()
        self.psi.weight /= raw.std()
        self.psi.bias /= raw.std()


class AttentionUNet(nn.Module):
    is_prepared = False

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = block(3, 1, 8), block(3, 8, 12), block(3, 12, 16)
        self.up_c, self.up_b = nn.ConvTranspose3d(16, 12, 2, 2), nn.ConvTranspose3d(12, 8, 2, 2)
        self.gate2, self.gate1 = Gate(12, 12, 6), Gate(8, 8, 4)
        self.d, self.e, self.head = block(3, 24, 12), block(3, 16, 8), nn.Conv3d(8, CLASSES, 1)

    def forward(self, x):
        a = self.a(x)
        b = self.b(F.max_pool3d(a, 2))
        c = self.c(F.max_pool3d(b, 2))
        up = self.up_c(c)
        if self.is_prepared:
            self.gate2.open_and_close(b, up)
        passed, at2 = self.gate2(b, up)
        up = self.up_b(self.d(torch.cat([up, passed], 1)))
        if self.is_prepared:
            self.gate1.open_and_close(a, up)
        passed, at1 = self.gate1(a, up)
        return self.head(self.e(torch.cat([up, passed], 1))), at1, at2


def main(folder):
    volume = noisy_volume(np.random.default_rng(8))
    volume.tofile(f"{folder}/volume.i16")
    x = ((volume - volume.mean()) / volume.std()).astype(np.float32)
    torch.manual_seed(321)
    network = AttentionUNet().eval()
    network.is_prepared = True
    with torch.no_grad():
        network(torch.from_numpy(x[None, None, : WINDOW[0], : WINDOW[1], : WINDOW[2]].copy()))
    network.is_prepared = False

    def answers(channels):
        with torch.no_grad():
            return network(torch.from_numpy(np.ascontiguousarray(channels))[None])

    def stretched(which):
        def answer(channels):
            return F.interpolate(answers(channels)[which], size=WINDOW, mode="trilinear", align_corners=False)[0].numpy()
        return answer

    for which in (1, 2):
        whole = sliding(stretched(which), x[None], WINDOW, 0.5)[0].astype(np.float32)
        assert whole.std() > 0.01, (which, whole.std())
        whole.tofile(f"{folder}/map{which}.f32")
    first = x[None, : WINDOW[0], : WINDOW[1], : WINDOW[2]]
    first.tofile(f"{folder}/window.f32")
    scores, at1, at2 = answers(first)
    for name, tensor in (("scores", scores), ("gate1", at1), ("gate2", at2)):
        tensor.numpy().tofile(f"{folder}/{name}.f32")
    tensor = torch.from_numpy(np.ascontiguousarray(first))[None]
    torch.onnx.export(network, tensor, f"{folder}/attention.onnx", opset_version=11, input_names=["image"],
                      output_names=["scores", "gate1", "gate2"])
    json.dump({"size": list(reversed(SIZE)), "window": list(reversed(WINDOW)), "input": list(tensor.shape)},
              open(f"{folder}/cases.json", "w"))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1])
