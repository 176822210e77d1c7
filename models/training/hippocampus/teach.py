#!/usr/bin/env python3
"""What the members say of the cases that train: labels for others to learn from beside those that people drew (--teacher).

Usage: teach.py DATA OUT [--members 0 1] [--axes i]
Writes OUT/teacher.npz: by case mean probabilities [class, k, j, i]; --axes: those along which these members know mirrored images.
"""
import argparse
import itertools
import os

import numpy as np
import torch

from dataset import predict, read_case, read_split
from ensemble import load_members, mirrored
from network import Ensemble

DIMENSION = {"k": 2, "j": 3, "i": 4}

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("out")
parser.add_argument("--members", type=int, nargs="+", default=[0, 1])
parser.add_argument("--axes", default="ijk")
options = parser.parse_args()
torch.set_num_threads(2)
net = Ensemble(load_members(options.out, options.members)[0])
known = [DIMENSION[axis] for axis in options.axes]
mirrors = [axes for n in range(len(known) + 1) for axes in itertools.combinations(known, n)]
split, taught = read_split(), {}
for name in split["training"] + split["validation"]:
    image, _ = read_case(options.data, name)
    answer = predict(lambda x: sum(mirrored(net, axes)(x).softmax(1) for axes in mirrors) / len(mirrors), image)
    taught[name] = answer.astype(np.float16)
np.savez(os.path.join(options.out, "teacher.npz"), **taught)
