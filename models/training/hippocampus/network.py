"""The network: a small residual 3D U-Net with instance normalisation, and the ensemble that ships.

Tensors are [batch, channel, k, j, i] with axes SAR (i grows to the Right, j to Anterior, k to Superior), 1 mm.
The first thing that it does is to normalise its own window, so that what lies around the hippocampus in the series (a tight
crop, half a head) does not change what it sees.
"""
import torch
import torch.nn.functional as F
from torch import nn

from convolution import convolve, fits

CLASSES = 3
SLOPE = 0.01


def normalise_window(x):
    """Zero mean and unit deviation, twice: the second time without the bright vessels, which are clipped in between."""
    return F.instance_norm(F.instance_norm(x).clamp(-3.0, 3.0))


class Conv(nn.Conv3d):
    """Weights are kept in float32 and rounded to the type of the input, which may be bfloat16 in training."""

    def forward(self, x):
        if self.bias is None and fits(x, self.weight, self.stride):
            return convolve(x, self.weight)
        bias = None if self.bias is None else self.bias.to(x.dtype)
        return F.conv3d(x, self.weight.to(x.dtype), bias, self.stride, self.padding)


class Up(nn.ConvTranspose3d):
    """In float32 always: PyTorch 1.13 refuses this layer in bfloat16."""

    def forward(self, x):
        return F.conv_transpose3d(x.float(), self.weight, None, self.stride).to(x.dtype)


class Norm(nn.InstanceNorm3d):
    def __init__(self, channels):
        super().__init__(channels, affine=True)

    def forward(self, x):
        return F.instance_norm(x, weight=self.weight.to(x.dtype), bias=self.bias.to(x.dtype))


class Block(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = Conv(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.norm1 = Norm(outputs)
        self.conv2 = Conv(outputs, outputs, 3, padding=1, bias=False)
        self.norm2 = Norm(outputs)
        self.around = Conv(inputs, outputs, stride, stride=stride, bias=False) if inputs != outputs or stride > 1 else None

    def forward(self, x):
        y = F.leaky_relu(self.norm1(self.conv1(x)), SLOPE)
        y = self.norm2(self.conv2(y))
        if self.around is not None:
            x = self.around(x)
        return F.leaky_relu(x + y, SLOPE)


class UNet(nn.Module):
    def __init__(self, widths=(8, 32, 64, 96)):
        super().__init__()
        self.widths = tuple(widths)
        self.down = nn.ModuleList(
            Block(a, b, stride=1 if n == 0 else 2) for n, (a, b) in enumerate(zip((1,) + self.widths, self.widths))
        )
        self.up = nn.ModuleList(Up(b, a, 2, stride=2, bias=False) for a, b in zip(self.widths, self.widths[1:]))
        self.join = nn.ModuleList(Block(2 * a, a) for a in self.widths[:-1])
        self.heads = nn.ModuleList(Conv(a, CLASSES, 1) for a in self.widths[:-1])

    def features(self, x):
        """@returns what the heads read, by resolution, the finest first"""
        kept = []
        for stage in self.down:
            x = stage(x)
            kept.append(x)
        found = []
        for n in reversed(range(len(self.up))):
            x = self.join[n](torch.cat([kept[n], self.up[n](x)], 1))
            found.insert(0, x)
        return found

    def levels(self, x):
        """@returns logits by resolution: for deep supervision"""
        return [head(y) for head, y in zip(self.heads, self.features(x))]

    def forward(self, x):
        return self.heads[0](self.features(x)[0])


class Ensemble(nn.Module):
    """What ships: the members' logits, averaged and cooled. All is folded into the last layers, which are then only added up."""

    def __init__(self, members, temperature=1.0):
        super().__init__()
        self.members = nn.ModuleList(members)
        share = 1 / (len(members) * temperature)
        with torch.no_grad():
            for member in members:
                member.heads[0].weight *= share
                member.heads[0].bias *= share

    def forward(self, x):
        x = normalise_window(x)
        return sum(member(x) for member in self.members)
