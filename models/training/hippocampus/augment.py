"""Random views of a case. Left and right hippocampi mirror each other, so mirroring along i is anatomy, not an invention; wide views are
turned and scaled more and mirrored along j and k too, which no scanner gives, and keep the network from knowing cases by heart.
Brightness and contrast need no augmentation: the network normalises its window itself.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy import ndimage

from dataset import WINDOW

MIRROR = 0.5


class Case:
    """One case with what sampling it needs. The image is kept at half the spacing (cubic), so that linear sampling does not blur."""

    def __init__(self, image, labels):
        """@param labels of each structure its share in a voxel, float32 [structure, k, j, i]"""
        self.shape = image.shape
        fine = ndimage.zoom(image, [(2 * n - 1) / n for n in image.shape], order=3, mode="nearest", grid_mode=False)
        self.image = torch.from_numpy(np.ascontiguousarray(fine))[None, None]
        self.labels = torch.from_numpy(labels)[None]


def rotation(angles):
    a, b, c = angles
    about_i = [[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]]
    about_j = [[math.cos(b), 0, -math.sin(b)], [0, 1, 0], [math.sin(b), 0, math.cos(b)]]
    about_k = [[1, 0, 0], [0, math.cos(c), -math.sin(c)], [0, math.sin(c), math.cos(c)]]
    return np.array(about_i) @ np.array(about_j) @ np.array(about_k)


def sampling_points(shape, rng, wide):
    """@returns where each voxel of the window lies in the case, voxels, [k, j, i, 3] in the order k, j, i"""
    window, size = np.array(WINDOW), np.array(shape)
    # The window's centre in the case as preprocessing puts it; a case longer than the window shows a random part.
    pad = np.maximum(window - size, 0) // 2
    room = np.maximum(size - window, 0)
    start = -pad + np.floor(rng.uniform(0, 1, 3) * (room + 1))
    points = np.stack(np.meshgrid(*(np.arange(n) for n in WINDOW), indexing="ij"), -1).astype(np.float64)
    if rng.uniform() < 0.15:
        return points + start + rng.integers(-2, 3, 3)
    centre = (window - 1) / 2
    matrix = np.eye(3)
    if rng.uniform() < 0.7:
        matrix = rotation(np.radians(rng.uniform(-1, 1, 3) * (30 if wide else 18)))
    if rng.uniform() < 0.7:
        scale = np.exp(rng.uniform(-1, 1) * (0.3 if wide else 0.2)) * np.exp(rng.uniform(-1, 1, 3) * (0.12 if wide else 0.08))
        matrix = matrix @ np.diag(scale)
    points = (points - centre) @ matrix.T + centre + start + rng.uniform(-3, 3, 3)
    if rng.uniform() < 0.4:
        coarse = torch.from_numpy(rng.normal(0, rng.uniform(0.3, 1.5), (1, 3, 6, 8, 6)).astype(np.float32))
        bend = F.interpolate(coarse, WINDOW, mode="trilinear", align_corners=True)[0]
        points = points + bend.permute(1, 2, 3, 0).numpy()
    return points


def coronal_points(shape, rng):
    """As sampling_points, but a coronal slice of the window is one of the case: turned about j, scaled, sheared and bent within the slices.

    People drew the border between the two parts as a coronal slice (metrics.border_plane); turned about another axis it would become
    a plane that nobody drew. @returns the same
    """
    window, size = np.array(WINDOW), np.array(shape)
    pad, room = np.maximum(window - size, 0) // 2, np.maximum(size - window, 0)
    start = -pad + np.floor(rng.uniform(0, 1, 3) * (room + 1))
    centre = (window - 1) / 2
    k, j, i = (np.moveaxis(np.indices(WINDOW), 0, -1) - centre).transpose(3, 0, 1, 2)
    if rng.uniform() < 0.7:
        k, j, i = (np.stack([k, j, i], -1) @ rotation([0, np.radians(rng.uniform(-25, 25)), 0]).T).transpose(3, 0, 1, 2)
    if rng.uniform() < 0.7:
        k, j, i = np.stack([k, j, i]) * (np.exp(rng.uniform(-0.2, 0.2)) * np.exp(rng.uniform(-0.1, 0.1, 3)))[:, None, None, None]
    if rng.uniform() < 0.6:
        k, i = k + rng.uniform(-0.2, 0.2) * j, i + rng.uniform(-0.2, 0.2) * j
    if rng.uniform() < 0.4:
        coarse = torch.from_numpy(rng.normal(0, rng.uniform(0.3, 1.2), (1, 2, 6, 8, 6)).astype(np.float32))
        bend = F.interpolate(coarse, WINDOW, mode="trilinear", align_corners=True)[0].numpy()
        k, i = k + bend[0], i + bend[1]
    return np.stack([k, j, i], -1) + centre + start + rng.uniform(-3, 3, 3)


def smooth_field(rng, amplitude):
    coarse = torch.from_numpy(rng.normal(0, amplitude, (1, 1, 3, 3, 3)).astype(np.float32))
    return F.interpolate(coarse, WINDOW, mode="trilinear", align_corners=True)[0, 0]


def blurred(x, sigmas):
    return torch.from_numpy(ndimage.gaussian_filter(x.numpy(), sigmas, mode="nearest"))


def coarser(x, rng):
    """As if scanned with thicker voxels, along one axis or all, and interpolated."""
    factors = np.ones(3)
    if rng.uniform() < 0.5:
        factors[rng.integers(3)] = rng.uniform(1.3, 2.5)
    else:
        factors[:] = rng.uniform(1.2, 1.8)
    small = [max(4, int(round(n / f))) for n, f in zip(WINDOW, factors)]
    return F.interpolate(F.interpolate(x[None, None], small, mode="area"), WINDOW, mode="trilinear")[0, 0]


def change_intensities(x, valid, rng):
    inside = x[valid]
    low, high = inside.min(), inside.max()
    if rng.uniform() < 0.3:  # bright vessels come and go with the sequence
        x = x.clamp(max=float(torch.quantile(inside, rng.uniform(0.95, 1.0))))
    if rng.uniform() < 0.35:
        x = low + (x - low) * torch.exp(smooth_field(rng, rng.uniform(0.05, 0.3)))
    if rng.uniform() < 0.2:
        x = blurred(x, rng.uniform(0.3, 0.8))
    if rng.uniform() < 0.2:
        x = coarser(x, rng)
    if rng.uniform() < 0.5:
        span = float(np.quantile(inside.numpy(), 0.995)) - low
        gamma = float(np.exp(rng.uniform(-0.4, 0.4)))
        y = ((x - low) / span).clamp(min=0)
        if rng.uniform() < 0.25:
            x = -((1.3 - y).clamp(min=0) ** gamma)
        else:
            x = y**gamma
    if rng.uniform() < 0.35:
        x = x + float(inside_deviation(x, valid) * rng.uniform(0, 0.2)) * torch.from_numpy(
            rng.standard_normal(WINDOW, dtype=np.float32)
        )
    return x


def inside_deviation(x, valid):
    return x[valid].std()


def random_view(case, rng, wide=False, coronal=0.0):
    """@param coronal share of views whose coronal slices stay coronal slices @returns image [1, k, j, i] and labels [class, k, j, i] of one window, float32; the labels of a voxel add up to 1"""
    stays_coronal = coronal > 0 and rng.uniform() < coronal
    points = coronal_points(case.shape, rng) if stays_coronal else sampling_points(case.shape, rng, wide)
    size = np.array(case.shape)
    # A tighter crop now and then: what lies beyond is padding.
    first, last = np.zeros(3), size - 1.0
    if rng.uniform() < 0.25:
        first, last = first + rng.integers(0, 4, 3), last - rng.integers(0, 4, 3)
    valid = torch.from_numpy(np.all((points >= first - 0.5) & (points <= last + 0.5), -1))
    grid = torch.from_numpy((2 * points / (size - 1) - 1)[..., ::-1].astype(np.float32).copy())[None]
    image = F.grid_sample(case.image, grid, padding_mode="border", align_corners=True)[0, 0]
    soft = F.grid_sample(case.labels, grid, padding_mode="zeros", align_corners=True)[0]
    soft = soft * valid
    labels = torch.stack([1 - soft[0] - soft[1], soft[0], soft[1]])
    if rng.uniform() < 0.8:
        image = change_intensities(image, valid, rng)
    inside = image[valid]
    image = torch.where(valid, (image - inside.mean()) / inside.std().clamp(min=1e-6), torch.zeros(()))
    for axis in (0, 1, 2) if wide and not stays_coronal else (2,):
        if rng.uniform() < MIRROR:
            image, labels = image.flip(axis), labels.flip(axis + 1)
    return image[None], labels
