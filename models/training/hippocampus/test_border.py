#!/usr/bin/env python3
"""What border.py and train_border.py compute, against what it must be. Run: python3 test_border.py"""
import unittest

import numpy as np
import torch

from augment import Case, random_view
from border import Border, divided, front_share
from dataset import WINDOW
from metrics import border_plane
from train_border import plane_of, shares, target_of


def sure_of(plane, slices):
    logits = torch.full((1, slices + 1), -20.0)
    logits[0, plane] = 20.0
    return logits


class BorderTest(unittest.TestCase):
    def test_slices_from_the_plane_on_are_anterior(self):
        self.assertEqual(front_share(sure_of(3, 6))[0].round().tolist(), [0, 0, 0, 1, 1, 1])
        self.assertEqual(front_share(sure_of(6, 6))[0].round().tolist(), [0] * 6)

    def test_dividing_keeps_the_mask_of_the_whole_and_follows_whom_it_trusts(self):
        logits = torch.from_numpy(np.random.default_rng(1).normal(0, 2, (1, 3, 4, 6, 5)).astype(np.float32))
        logits[:, 1, :, 2:] += 9
        logits[:, 2, :, :2] += 9
        logits[:, 0] += 8
        whole = logits[:, 1:].logsumexp(1) > logits[:, 0]
        self.assertTrue(whole.any() and not whole.all())
        front = front_share(sure_of(3, 6))
        for trust, plane in ((0.0, 2), (0.5, None), (1.0, 3)):
            got = divided(logits, front, trust).argmax(1)
            self.assertTrue(torch.equal(got > 0, whole))
            if plane is not None:
                self.assertTrue((got[:, :, plane:] != 2).all() and (got[:, :, :plane] != 1).all())

    def test_where_both_parts_are_alike_the_outline_has_no_notch(self):
        logits = torch.zeros((1, 3, 4, 6, 5))
        logits[:, 1:] = -0.2  # the whole is likelier than background, each part alone is not
        alike = torch.full((1, 6), 0.5)
        self.assertTrue((divided(logits, alike, 0.7).argmax(1) > 0).all())

    def test_one_who_leans_the_other_way_in_single_voxels_does_not_bend_the_plane(self):
        logits = torch.zeros((1, 3, 4, 6, 5))
        logits[:, 1, :, 2:], logits[:, 2, :, :2] = 4, 4
        logits[:, 1, 0, 0, 0] = 9
        got = divided(logits, front_share(sure_of(2, 6)), 0.5).argmax(1)[0]
        self.assertTrue((got[:, 2:] == 1).all() and (got[:, :2] == 2).all())

    def test_a_view_that_keeps_coronal_slices_carries_the_plane_along(self):
        rng = np.random.default_rng(2)
        compared = 0
        labels = np.zeros((36, 50, 34), np.uint8)
        labels[10:26, 8:22, 10:24], labels[10:26, 22:40, 10:24] = 2, 1
        image = rng.normal(0, 1, labels.shape).astype(np.float32)
        outline = (labels > 0).astype(np.float32)
        both = Case(image, np.concatenate([shares(outline, 22), np.stack([labels == 1, labels == 2]).astype(np.float32)]))
        # random_view knows two structures: the same view twice, once with the plane and once with the labels.
        plane, parts = Case(image, both.labels[0, :2].numpy()), Case(image, both.labels[0, 2:].numpy())
        for seed in range(8):
            _, front = random_view(plane, np.random.default_rng(seed), coronal=1.0)
            _, seen = random_view(parts, np.random.default_rng(seed), coronal=1.0)
            drawn = seen.argmax(0).numpy()
            if (drawn == 1).any() and (drawn == 2).any():
                compared += 1
                self.assertLessEqual(abs(int(target_of(front[1]).argmax()) - border_plane(drawn)), 1)
        self.assertGreater(compared, 4)

    def test_the_plane_of_a_case_is_counted_in_its_own_slices(self):
        image = np.random.default_rng(3).normal(0, 1, (30, 40, 30)).astype(np.float32)
        start = (WINDOW[1] - 40) // 2

        def net(x, outline):
            return sure_of(start + 17, x.shape[3])

        self.assertAlmostEqual(plane_of(net, image, image), 17, 3)

    def test_it_answers_for_every_plane_of_a_window(self):
        x = torch.zeros((2, 1) + WINDOW)
        self.assertEqual(tuple(Border()(x, x).shape), (2, WINDOW[1] + 1))


unittest.main()
