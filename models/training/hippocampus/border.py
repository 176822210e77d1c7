"""Where the anterior part ends: a small network that answers for a whole window, and not for each voxel.

People drew the border between the two parts as a coronal plane (metrics.border_plane): the slice in which they saw the uncus end. From
the image and a blurred outline of the whole hippocampus this network says how likely each plane is. Blurred, because the outlines that
it learns from are of networks that know their cases by heart: such an outline has a step where the person saw the uncus end, and one of
a case that nobody has seen has none. Plane p of a window: the slices from p on are anterior. Tensors as in network.py.
"""
import torch
import torch.nn.functional as F
from torch import nn

from network import Block

STRIDE = (2, 1, 2)  # coronal slices are kept apart
CHANNELS = (16, 32, 48)
FEATURES = 64
LEAST_SHARE = 1e-3  # how sure of a slice the borders may be at most
LEAST_OUTLINE = 1e-3  # voxels of a slice: where there are none, nothing is divided


def blurred(outline):
    """Three boxes of five voxels along each axis: a deviation of 2.4."""
    for axis in range(3):
        size, padding = [1, 1, 1], [0, 0, 0]
        size[axis], padding[axis] = 5, 2
        for _ in range(3):
            outline = F.avg_pool3d(outline, size, 1, padding)
    return outline


class Border(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleList(Block(a, b, stride=STRIDE) for a, b in zip((2,) + CHANNELS, CHANNELS))
        self.drop = nn.Dropout(0.3)
        self.mix = nn.Conv1d(2 * CHANNELS[-1] + 1, FEATURES, 1)
        self.along = nn.ModuleList(nn.Conv1d(FEATURES, FEATURES, 5, padding=2 * d, dilation=d) for d in (2, 4))
        self.head = nn.Conv1d(FEATURES, 1, 2, padding=1)

    def forward(self, x, outline):
        """@param x a normalised window @param outline probability of either part, float32 @returns logits of planes [batch, j + 1]"""
        outline = blurred(outline)
        y = torch.cat([x, 2 * outline.to(x.dtype) - 1], 1)
        for block in self.down:
            y = block(y)
        y = y.float()
        where = F.avg_pool3d(F.avg_pool3d(outline, (8, 1, 8)), 3, 1, 1)
        anywhere = y.mean((2, 4))
        inside = (y * where).sum((2, 4)) / (where.sum((2, 4)) + 0.01)
        area = torch.log(outline.sum((2, 4)) + 1) / 4
        z = F.relu(self.mix(self.drop(torch.cat([anywhere, inside, area], 1))))
        for layer in self.along:
            z = z + F.relu(layer(self.drop(z)))
        return self.head(z)[:, 0]


def front_share(planes):
    """@param planes logits [batch, j + 1] @returns how likely each slice is anterior [batch, j]"""
    return planes.softmax(1).cumsum(1)[:, :-1]


def divided(logits, front, trust):
    """The mask of the whole hippocampus as it is in `logits`, divided anew: alike in all of a slice, as people divide it.

    The likelier part keeps the logit of the whole, so that a voxel is background only where the whole is less likely than background:
    dividing the whole's probability would notch the outline where both parts are alike.

    @param logits [batch, class, k, j, i] @param front [batch, j] @param trust its share in the log odds of the two parts, 0 to 1; the rest
    is what the logits say of the slice, by how likely each voxel is hippocampus
    """
    outline = logits.softmax(1)[:, 1:].sum(1)
    own = ((logits[:, 1] - logits[:, 2]) * outline).sum((1, 3)) / (outline.sum((1, 3)) + LEAST_OUTLINE)
    front = front.clamp(LEAST_SHARE, 1 - LEAST_SHARE)
    odds = ((1 - trust) * own + trust * (front.log() - (1 - front).log()))[:, None, :, None]
    whole = logits[:, 1:].logsumexp(1)
    return torch.stack([logits[:, 0], whole + odds.clamp(max=0), whole - odds.clamp(min=0)], 1)
