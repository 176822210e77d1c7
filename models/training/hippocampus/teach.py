#!/usr/bin/env python3
"""What the members say of the cases that train: labels for others to learn from beside those that people drew (--teacher).

Usage: teach.py DATA OUT [--members 0 1] [--axes i]
Writes OUT/teacher.npz: by case mean probabilities [class, k, j, i].
"""
import argparse
import os

import numpy as np
import torch

from dataset import predict, read_case, read_split
from ensemble import averaged, load_members
from memory import keep_memory
from network import Ensemble

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("out")
parser.add_argument("--members", type=int, nargs="+", default=[0, 1])
parser.add_argument("--axes", default="", help="those along which these members know mirrored images: i, ijk")
options = parser.parse_args()
keep_memory()
torch.set_num_threads(2)
net = Ensemble(load_members(options.out, options.members)[0])
split, taught = read_split(), {}
for name in split["training"] + split["validation"]:
    image, _ = read_case(options.data, name)
    taught[name] = predict(averaged(net, options.axes), image).astype(np.float16)
np.savez(os.path.join(options.out, "teacher.npz"), **taught)
