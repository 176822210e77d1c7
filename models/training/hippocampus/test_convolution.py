#!/usr/bin/env python3
"""Compares convolution.py with PyTorch's conv3d and its gradients. Run: python3 test_convolution.py"""
import contextlib
import io
import itertools
import unittest
from unittest import mock

import torch
import torch.nn.functional as F

import convolution
import network


def relative_error(got, expected):
    return ((got.double() - expected).abs().max() / expected.abs().max()).item()


def with_gradients(function, x, weight, grad):
    x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    y = function(x, weight)
    y.backward(grad)
    return y.detach(), x.grad, weight.grad


def by_torch(x, weight):
    return F.conv3d(x, weight, padding=1)


class Convolution(unittest.TestCase):
    def setUp(self):
        if convolution.kernels() is None:
            self.skipTest("no C compiler")
        torch.manual_seed(7)

    def test_values_and_gradients_are_those_of_conv3d_in_double_precision(self):
        channels = ((8, 8), (16, 8), (8, 16), (4, 12), (32, 24), (40, 32))
        sizes = ((1, 1, 1), (3, 5, 7), (2, 9, 8), (6, 4, 17), (5, 6, 40), (4, 3, 25))
        for batch, (inputs, outputs), size in itertools.product((1, 2), channels, sizes):
            x, weight = torch.randn(batch, inputs, *size), torch.randn(outputs, inputs, 3, 3, 3)
            grad = torch.randn(batch, outputs, *size)
            got = with_gradients(convolution.convolve, x, weight, grad)
            expected = with_gradients(by_torch, x.double(), weight.double(), grad.double())
            for name, a, b in zip(("values", "input", "weights"), got, expected):
                self.assertLess(relative_error(a, b), 1e-5, (name, batch, inputs, outputs, size))

    def test_one_input_channel_and_a_strange_memory_order_are_no_exception(self):
        for inputs, size in ((1, (5, 7, 11)), (8, (3, 12, 10))):
            x = torch.randn(2, *size, inputs).movedim(-1, 1)
            weight, grad = torch.randn(8, inputs, 3, 3, 3), torch.randn(2, *size, 8).movedim(-1, 1)
            got = with_gradients(convolution.convolve, x, weight, grad)
            expected = with_gradients(by_torch, x.double(), weight.double(), grad.double())
            for a, b in zip(got, expected):
                self.assertLess(relative_error(a, b), 1e-5)

    def test_the_network_has_the_same_losses_and_gradients_with_and_without(self):
        net, x = network.UNet((8, 16, 24, 32)), torch.randn(2, 1, 16, 24, 24)
        found = []
        smooth = mock.patch.object(network, "SLOPE", 1.0)  # else rounding decides the side of the bend for a voxel close to 0
        for kernels in (convolution.kernels(), None):
            with smooth, mock.patch.object(convolution, "kernels", lambda kernels=kernels: kernels):
                net.zero_grad(set_to_none=True)
                loss = sum(y.log_softmax(1)[:, 1].mean() for y in net.levels(x))
                loss.backward()
                found.append((loss.item(), [p.grad.clone() for p in net.parameters()]))
        self.assertAlmostEqual(found[0][0], found[1][0], 5)
        for a, b in zip(found[0][1], found[1][1]):
            self.assertLess((a - b).norm() / b.norm(), 1e-3)


class Choice(unittest.TestCase):
    def test_only_training_in_float32_on_large_volumes_takes_the_kernels(self):
        x, conv = torch.randn(1, 8, 10, 10, 10), network.Conv(8, 8, 3, padding=1, bias=False)
        fits = lambda x, conv: convolution.fits(x, conv.weight, conv.stride)
        if convolution.kernels() is not None:
            self.assertTrue(fits(x, conv))
        self.assertFalse(fits(x.bfloat16(), conv))
        self.assertFalse(fits(x, network.Conv(8, 8, 3, padding=1, stride=2, bias=False)))
        self.assertFalse(fits(x, network.Conv(8, 8, 1, bias=False)))
        self.assertFalse(fits(x[..., :9], conv))
        with torch.no_grad():
            self.assertFalse(fits(x, conv))

    def test_an_exported_network_has_plain_convolutions(self):
        file = io.BytesIO()
        torch.onnx.export(network.Conv(8, 8, 3, padding=1, bias=False), torch.randn(1, 8, 10, 10, 10), file, opset_version=13)
        self.assertIn(b"Conv", file.getvalue())

    def test_without_a_compiler_it_says_so_once(self):
        said = io.StringIO()
        convolution.kernels.cache_clear()
        try:
            with mock.patch.dict("os.environ", CC="/no/such/compiler"), contextlib.redirect_stderr(said):
                self.assertIsNone(convolution.kernels())
                self.assertIsNone(convolution.kernels())
        finally:
            convolution.kernels.cache_clear()
        self.assertEqual(said.getvalue().count("does not compile"), 1)


unittest.main()
