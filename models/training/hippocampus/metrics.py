"""How good a mask is, and how honest a probability. Masks are boolean [k, j, i] arrays, 1 mm.

test_metrics.py compares each with a slow, independent formula.
"""
import numpy as np
from scipy import ndimage

BINS = 15


def dice(a, b):
    """@returns 2 |a and b| / (|a| + |b|); 1 where both are empty"""
    total = a.sum() + b.sum()
    return 1.0 if total == 0 else float(2 * (a & b).sum() / total)


def surface(mask):
    """Voxels of the mask with a neighbour (of six) outside of it; outside of the array counts as outside."""
    return mask & ~ndimage.binary_erosion(mask, border_value=0)


def hausdorff95(a, b, spacing=(1.0, 1.0, 1.0)):
    """The larger of the two directed 95th percentiles of distances between surface voxels, mm; nan where a mask is empty."""
    if not a.any() or not b.any():
        return float("nan")
    sa, sb = surface(a), surface(b)
    to_b = ndimage.distance_transform_edt(~sb, sampling=spacing)[sa]
    to_a = ndimage.distance_transform_edt(~sa, sampling=spacing)[sb]
    return float(max(np.percentile(to_b, 95), np.percentile(to_a, 95)))


def near(truth, got, voxels=3):
    """Where a decision is open: not farther than some voxels from a structure in the truth or in the proposal."""
    return ndimage.binary_dilation((truth > 0) | (got > 0), iterations=voxels)


def border_plane(labels):
    """@returns the coronal plane (index of j) that divides 1, in front of it, from 2 with the fewest voxels on the wrong side"""
    one, two = ((labels == c).sum((0, 2)) for c in (1, 2))
    # Of the planes before j: what of 1 lies behind, and what of 2 in front.
    wrong = np.concatenate([[0], np.cumsum(one)]) + np.concatenate([np.cumsum(two[::-1])[::-1], [0]])
    return int(wrong.argmin())


def divided_at(labels, plane):
    """@returns the whole structure of `labels`, divided into 1 and 2 at a coronal plane"""
    front = np.arange(labels.shape[1])[None, :, None] >= plane
    return np.where(labels > 0, np.where(front, 1, 2), 0)


class Reliability:
    """Confidence (probability of the winning class) against the share that is right, in equal bins, over many cases."""

    def __init__(self, bins=BINS):
        self.count = np.zeros(bins)
        self.confidence = np.zeros(bins)
        self.right = np.zeros(bins)
        self.log_loss = 0.0
        self.brier = 0.0

    def add(self, probabilities, truth):
        """@param probabilities [class, n] @param truth [n]"""
        bins = len(self.count)
        best = probabilities.max(0).astype(np.float64)
        right = (probabilities.argmax(0) == truth).astype(np.float64)
        at = np.minimum((best * bins).astype(int), bins - 1)
        self.count += np.bincount(at, minlength=bins)
        self.confidence += np.bincount(at, best, bins)
        self.right += np.bincount(at, right, bins)
        p = np.take_along_axis(probabilities, truth[None].astype(int), 0)[0]
        self.log_loss -= float(np.log(np.maximum(p, 1e-12)).sum())
        of_truth = np.arange(len(probabilities))[:, None] == truth[None]
        self.brier += float(((probabilities - of_truth) ** 2).sum())

    def summary(self):
        total = self.count.sum()
        rows = [
            {
                "from": round(n / len(self.count), 4),
                "to": round((n + 1) / len(self.count), 4),
                "voxels": int(c),
                "confidence": round(float(self.confidence[n] / c), 4),
                "right": round(float(self.right[n] / c), 4),
            }
            for n, c in enumerate(self.count)
            if c > 0
        ]
        return {
            "ece": float(np.abs(self.confidence - self.right).sum() / total),
            "logLoss": self.log_loss / total,
            "brier": self.brier / total,
            "voxels": int(total),
            "bins": rows,
        }


def softmax(logits):
    e = np.exp(logits - logits.max(0, keepdims=True))
    return e / e.sum(0, keepdims=True)


def interval_of_mean(values, patients, draws=10000, seed=20261125):
    """95 % bootstrap interval of a mean over cases; patients are drawn, not cases, because two sides of a head are alike."""
    rng = np.random.default_rng(seed)
    groups = {}
    for value, patient in zip(values, patients):
        groups.setdefault(patient, []).append(value)
    sums = np.array([sum(g) for g in groups.values()])
    counts = np.array([len(g) for g in groups.values()])
    drawn = rng.integers(0, len(sums), (draws, len(sums)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    return [float(np.percentile(means, q)) for q in (2.5, 97.5)]
