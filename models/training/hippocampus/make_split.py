#!/usr/bin/env python3
"""Divides the cases by patient: writes split.json, which is committed, so this is run once.

Usage: make_split.py DATA
The Decathlon's files name no patient. Neighbouring numbers 2m - 1 and 2m hold the two hippocampi of one head: where the values are
scaled, both have the same step between grey values, to six digits, which no other case has. So a patient is a pair of numbers.
Groups of intensities (bytes, scaled hundreds, scaled hundreds of thousands) are divided in the same proportion.
"""
import glob
import json
import os
import random
import sys

import nibabel
import numpy as np

from dataset import patient_of

TEST, VALIDATION = 30, 20  # cases, about; the rest trains


def group_of(values):
    if values.dtype == np.uint8:
        return "bytes"
    return "large" if values.max() > 20000 else "scaled"


def main(data):
    patients = {}
    for path in sorted(glob.glob(os.path.join(data, "imagesTr", "hippocampus_*.nii.gz"))):
        name = os.path.basename(path)[: -len(".nii.gz")]
        values = np.asarray(nibabel.load(path).dataobj)
        step = None if values.dtype == np.uint8 else float(np.median(np.diff(np.unique(values))))
        patients.setdefault(patient_of(name), []).append((name, group_of(values), step))
    pairs = [p for p in patients.values() if len(p) == 2]
    same = [abs(a[2] / b[2] - 1) < 1e-4 for a, b in pairs if a[2] and b[2]]
    print(f"{len(patients)} patients, {len(pairs)} with both sides; equal steps in {sum(same)} of {len(same)} pairs with scaled values")
    cases = sum(len(p) for p in patients.values())
    random.seed(20261125)
    split = {"test": [], "validation": [], "training": []}
    for group in ("bytes", "large", "scaled"):
        members = [p for p in patients.values() if p[0][1] == group]
        total = sum(len(p) for p in members)
        random.shuffle(members)
        wanted = {"test": TEST * total / cases, "validation": VALIDATION * total / cases, "training": float("inf")}
        part, taken = "test", 0
        for p in members:
            if taken >= wanted[part] - 0.5:
                part, taken = ("validation" if part == "test" else "training"), 0
            split[part] += [name for name, *_ in p]
            taken += len(p)
    split = {part: sorted(names) for part, names in split.items()}
    print({part: len(names) for part, names in split.items()})
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "split.json"), "w") as file:
        json.dump(split, file, indent=2)
        file.write("\n")


main(sys.argv[1])
