"""3x3x3 convolutions for training on one thread: convolve.c. On AVX2 the weights' gradient takes 0.2 to 0.7 of PyTorch 1.13's time.

The weights' gradient is always ours; the forward pass and the input's gradient are only where few channels make PyTorch slow.
Without a C compiler, PyTorch's own are used, and stderr says so once.
"""
import ctypes
import functools
import os
import subprocess
import sys
import tempfile

import torch
import torch.nn.functional as F

SMALL = 1000  # voxels, below which PyTorch is as fast in everything
FEW = 16  # channels up to which PyTorch is slower in the forward pass and the input's gradient


@functools.lru_cache(None)
def kernels():
    """@returns convolve.c, compiled for this processor; None without a compiler"""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "convolve.c")
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "convolve.so")
        try:
            subprocess.run(
                [os.environ.get("CC", "cc"), "-O3", "-march=native", "-shared", "-fPIC", "-o", library, source],
                check=True,
                capture_output=True,
                text=True,
            )
            return ctypes.CDLL(library)
        except (OSError, subprocess.CalledProcessError) as error:
            why = getattr(error, "stderr", None) or error
            print(f"convolve.c does not compile, so training uses PyTorch's slower convolutions: {why}", file=sys.stderr)
            return None


def fits(x, weight, stride):
    """Whether `convolve` may stand for F.conv3d with padding 1: in training, in float32, 3x3x3, stride 1."""
    return (
        not torch.jit.is_tracing()  # an exported network keeps plain convolutions
        and torch.is_grad_enabled()
        and weight.requires_grad
        and x.dtype == weight.dtype == torch.float32
        and x.device.type == "cpu"
        and tuple(weight.shape[2:]) == (3, 3, 3)
        and tuple(stride) == (1, 1, 1)
        and weight.shape[0] % 4 == 0
        and x.shape[2:].numel() >= SMALL
        and kernels() is not None
    )


def pointer(tensor):
    return ctypes.c_void_p(tensor.data_ptr())


def call(name, tensors, *numbers):
    if getattr(kernels(), name)(*map(pointer, tensors), *map(ctypes.c_int, numbers)):
        raise MemoryError(name)


def few(weight):
    return max(weight.shape[:2]) <= FEW


class Convolution(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight):
        x, weight = x.contiguous(), weight.contiguous()
        ctx.save_for_backward(x, weight)
        if not few(weight):
            return F.conv3d(x, weight, padding=1)
        y = x.new_empty((len(x), len(weight)) + x.shape[2:])
        call("convolve3", (x, weight, y), len(x), x.shape[1], *y.shape[1:], 0)
        return y

    @staticmethod
    def backward(ctx, grad):
        x, weight = ctx.saved_tensors
        grad = grad.contiguous()
        of_x = of_weight = None
        if ctx.needs_input_grad[0]:
            if few(weight) and x.shape[1] % 4 == 0:
                of_x = torch.empty_like(x)
                call("convolve3", (grad, weight, of_x), len(x), len(weight), *x.shape[1:], 1)
            else:
                ones, zeros = [1, 1, 1], [0, 0, 0]
                of_x = torch.ops.aten.convolution_backward(
                    grad, x, weight, None, ones, ones, ones, False, zeros, 1, [True, False, False]
                )[0]
        if ctx.needs_input_grad[1]:
            of_weight = torch.empty_like(weight)
            call("gradient3", (x, grad, of_weight), len(x), x.shape[1], len(weight), *x.shape[2:])
        return of_x, of_weight


def convolve(x, weight):
    """As F.conv3d(x, weight, padding=1), where `fits` says so."""
    return Convolution.apply(x, weight)
