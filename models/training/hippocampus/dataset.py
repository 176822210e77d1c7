"""Cases as the program's own preprocessing would give them (core/inference/preprocess.ts with this model's manifest).

Arrays are [k, j, i], axes SAR: i grows to the Right, j to Anterior, k to Superior ("RAS" in the manifest), 1 mm.
"""
import json
import os

import nibabel
import numpy as np
import torch

WINDOW = (40, 56, 40)  # k, j, i
MULTIPLE = 8
OVERLAP = 0.5
NAMES = ("background", "anterior", "posterior")


def read_split():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "split.json")) as file:
        return json.load(file)


def patient_of(name):
    """How patients were told apart: make_split.py."""
    return (int(name[-3:]) + 1) // 2


def cross_parts(split, member, shares):
    """The validation part in so many shares, by patient: each member is validated on one of them and trains on the others too.

    @returns names that train, names that validate
    """
    patients = sorted({patient_of(name) for name in split["validation"]})
    unseen = [name for name in split["validation"] if patients.index(patient_of(name)) % shares == member % shares]
    return split["training"] + [name for name in split["validation"] if name not in unseen], unseen


def read_volume(path):
    """@returns [k, j, i] values, the way back to the file's own array is `to_file_order`"""
    canonical = nibabel.as_closest_canonical(nibabel.load(path))
    return np.ascontiguousarray(np.asarray(canonical.dataobj).transpose(2, 1, 0))


def normalise(values):
    """z-score over the whole volume, as the manifest says."""
    values = values.astype(np.float64)
    return ((values - values.mean()) / values.std()).astype(np.float32)


def read_case(data, name):
    """@returns image float32, z-scored; labels uint8; both [k, j, i]"""
    image = normalise(read_volume(os.path.join(data, "imagesTr", name + ".nii.gz")))
    labels = read_volume(os.path.join(data, "labelsTr", name + ".nii.gz")).astype(np.uint8)
    assert image.shape == labels.shape, name
    return image, labels


def pad_to_window(image):
    """To the window at least and to a multiple of 8, centred, the odd voxel behind, as core/inference/cropAndPad.ts.

    @returns padded image and where the case lies in it
    """
    extra = [-(-max(w, n) // MULTIPLE) * MULTIPLE - n for w, n in zip(WINDOW, image.shape)]
    pads = [(n // 2, n - n // 2) for n in extra]
    return np.pad(image, pads), tuple(slice(a, a + n) for (a, _), n in zip(pads, image.shape))


def starts_along(grid, size):
    """As core/inference/tiling.ts."""
    room = grid - size
    if room <= 0:
        return [0]
    step = max(1, int(size * (1 - OVERLAP)))
    count = -(-room // step) + 1
    return [int(n * room / (count - 1) + 0.5) for n in range(count)]


def window_weights():
    along = [np.maximum(0.01, np.exp(-0.5 * ((np.arange(n) - (n - 1) / 2) / (n / 8)) ** 2)) for n in WINDOW]
    return torch.from_numpy(np.einsum("k,j,i->kji", *along).astype(np.float32))


@torch.no_grad()
def predict(net, image):
    """@returns logits [class, k, j, i] of the case, from sliding windows with Gaussian weights"""
    padded, place = pad_to_window(image)
    x = torch.from_numpy(padded)[None, None]
    weights = window_weights()
    scores, total = None, torch.zeros(padded.shape)
    for k in starts_along(padded.shape[0], WINDOW[0]):
        for j in starts_along(padded.shape[1], WINDOW[1]):
            for i in starts_along(padded.shape[2], WINDOW[2]):
                box = tuple(slice(a, a + w) for a, w in zip((k, j, i), WINDOW))
                y = net(x[(slice(None), slice(None)) + box])[0].float()
                if scores is None:
                    scores = torch.zeros((len(y),) + padded.shape)
                scores[(slice(None),) + box] += y * weights
                total[box] += weights
    return (scores / total)[(slice(None),) + place].numpy()
