"""How a training goes through its time: the learning rate, and the averaged network."""
import math

import torch


def learning_rate(peak, least, warmup, step, done):
    """Up over the first steps, then down along a cosine.

    @param least share of the peak at the very end @param warmup steps @param done share of the time that is gone, 0 to 1
    """
    return peak * min(1.0, (step + 1) / warmup) * max(least, 0.5 * (1 + math.cos(math.pi * min(done, 1.0))))


def update_average(average, net, step, most):
    """@param most what the averaged network keeps of itself at each step, once it has seen many"""
    keep = min(most, (1 + step) / (10 + step))
    with torch.no_grad():
        for a, p in zip(average.parameters(), net.parameters()):
            a.lerp_(p, 1 - keep)
