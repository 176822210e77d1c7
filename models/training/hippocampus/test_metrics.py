#!/usr/bin/env python3
"""Compares metrics.py and dataset.py with slow formulae written differently. Run: python3 test_metrics.py"""
import itertools
import unittest

import numpy as np
from scipy.spatial.distance import cdist

import dataset
import metrics


def random_masks(seed, shape=(7, 8, 6)):
    rng = np.random.default_rng(seed)
    return rng.uniform(size=shape) < 0.3, rng.uniform(size=shape) < 0.3


def border_points(mask):
    """Point by point: a voxel of the mask with one of six neighbours outside."""
    points = {tuple(p) for p in np.argwhere(mask)}
    steps = [s for s in itertools.product((-1, 0, 1), repeat=3) if sum(map(abs, s)) == 1]
    return np.array([p for p in points if any(tuple(np.add(p, s)) not in points for s in steps)], float)


class Metrics(unittest.TestCase):
    def test_a_border_plane_is_the_one_with_the_fewest_voxels_beyond_it(self):
        labels = np.random.default_rng(5).integers(0, 3, (4, 9, 5))

        def wrong(plane):
            return (labels[:, :plane] == 1).sum() + (labels[:, plane:] == 2).sum()

        self.assertEqual(wrong(metrics.border_plane(labels)), min(map(wrong, range(10))))
        divided = metrics.divided_at(labels, 4)
        self.assertEqual(metrics.border_plane(divided), 4)
        self.assertTrue(((divided > 0) == (labels > 0)).all())

    def test_dice_is_that_of_sets(self):
        a, b = random_masks(1)
        x, y = {tuple(p) for p in np.argwhere(a)}, {tuple(p) for p in np.argwhere(b)}
        self.assertAlmostEqual(metrics.dice(a, b), 2 * len(x & y) / (len(x) + len(y)), 12)
        self.assertEqual(metrics.dice(a, a), 1)
        self.assertEqual(metrics.dice(a, ~a), 0)

    def test_hausdorff_is_that_of_all_pairs_of_border_points(self):
        for seed in range(5):
            a, b = random_masks(seed)
            spacing = (1.0, 2.0, 0.5)
            d = cdist(border_points(a) * spacing, border_points(b) * spacing)
            expected = max(np.percentile(d.min(1), 95), np.percentile(d.min(0), 95))
            self.assertAlmostEqual(metrics.hausdorff95(a, b, spacing), expected, 9)

    def test_hausdorff_of_a_shifted_box_is_the_shift(self):
        a = np.zeros((20, 20, 20), bool)
        a[5:12, 5:12, 5:12] = True
        self.assertAlmostEqual(metrics.hausdorff95(a, np.roll(a, 3, 1)), 3)

    def test_calibration_error_is_that_of_a_loop_over_voxels(self):
        rng = np.random.default_rng(3)
        logits = rng.normal(0, 2, (3, 500))
        truth = rng.integers(0, 3, 500)
        p = metrics.softmax(logits)
        reliability = metrics.Reliability(10)
        reliability.add(p[:, :200], truth[:200])
        reliability.add(p[:, 200:], truth[200:])
        expected, brier, loss = 0.0, 0.0, 0.0
        for low in np.arange(10) / 10:
            inside = [n for n in range(500) if low <= max(p[:, n]) < low + 0.1]
            if inside:
                confidence = np.mean([max(p[:, n]) for n in inside])
                right = np.mean([int(np.argmax(p[:, n])) == truth[n] for n in inside])
                expected += len(inside) / 500 * abs(confidence - right)
        for n in range(500):
            loss -= np.log(p[truth[n], n]) / 500
            brier += sum((p[c, n] - (c == truth[n])) ** 2 for c in range(3)) / 500
        got = reliability.summary()
        self.assertAlmostEqual(got["ece"], expected, 9)
        self.assertAlmostEqual(got["brier"], brier, 9)
        self.assertAlmostEqual(got["logLoss"], loss, 9)

    def test_interval_of_a_mean_is_close_to_that_of_the_normal_law(self):
        values = np.random.default_rng(4).normal(0.89, 0.02, 60)
        low, high = metrics.interval_of_mean(values, range(60))
        half = 1.96 * values.std() / np.sqrt(60)
        self.assertAlmostEqual(low, values.mean() - half, 3)
        self.assertAlmostEqual(high, values.mean() + half, 3)


class Windows(unittest.TestCase):
    def test_every_voxel_lies_in_a_window(self):
        for grid in range(40, 130):
            starts = dataset.starts_along(grid, 40)
            covered = {n for s in starts for n in range(s, s + 40)}
            self.assertEqual(covered, set(range(grid)), grid)

    def test_prediction_lies_where_the_case_lies(self):
        import torch

        rng = np.random.default_rng(5)
        for shape in ((31, 50, 36), (47, 59, 43)):
            image = rng.normal(size=shape).astype(np.float32)
            got = dataset.predict(lambda x: torch.cat([x, 2 * x], 1), image)
            np.testing.assert_allclose(got, np.stack([image, 2 * image]), atol=1e-5)


unittest.main()
