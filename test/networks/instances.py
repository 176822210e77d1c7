"""torchvision's Mask R-CNN with a small backbone and seeded random weights, exported to ONNX, and what torch finds with it in one volume:
slice by slice, linked through the slices here (NumPy), for instances.test.ts to compare with. A slice is read with its two neighbours.

Usage: instances.py FOLDER. Writes maskrcnn.onnx, volume.i16 [k, j, i], slices.json (boxes, scores and labels of each slice),
instances.json (label, score, voxel offsets of each instance, by score).
"""
import json
import sys
import warnings

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torchvision.models.detection import MaskRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.ops import MultiScaleRoIAlign

warnings.filterwarnings("ignore")
SIZE = (7, 56, 64)  # k, j, i
LEAST_SCORE = 0.4
LINK_OVERLAP = 0.3


def backbone():
    layers = [nn.Conv2d(3, 12, 5, 2, 2), nn.ReLU(), nn.Conv2d(12, 16, 5, 2, 2), nn.ReLU()]
    network = nn.Sequential(*layers)
    network.out_channels = 16
    return network


class Whole(nn.Module):
    """[1, 3, j, i] in, four tensors out."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        found = self.network([x[0]])
        found = found[1][0] if isinstance(found, tuple) else found[0]
        return found["boxes"], found["scores"], found["labels"], found["masks"]


def make(sample):
    """@param sample [1, 3, j, i]: on it the classes come out about equally often"""
    torch.manual_seed(4)
    network = MaskRCNN(
        backbone(), num_classes=3, min_size=SIZE[1], max_size=SIZE[2], image_mean=[0, 0, 0], image_std=[1, 1, 1],
        rpn_anchor_generator=AnchorGenerator(((12, 20, 28),), ((0.6, 1.0, 1.6),)),
        box_roi_pool=MultiScaleRoIAlign(["0"], 5, 2), mask_roi_pool=MultiScaleRoIAlign(["0"], 8, 2),
        rpn_pre_nms_top_n_test=200, rpn_post_nms_top_n_test=40, box_detections_per_img=6, box_score_thresh=0.2, box_nms_thresh=0.4)
    with torch.no_grad():
        # Random layers hardly tell anything apart; larger ones do.
        network.roi_heads.box_predictor.cls_score.weight *= 60
        network.roi_heads.mask_predictor.mask_fcn_logits.weight *= 60
        network.roi_heads.mask_predictor.mask_fcn_logits.bias += 0.5
        network.rpn.head.cls_logits.weight *= 20
    network.eval()
    logits = []
    hook = network.roi_heads.box_predictor.cls_score.register_forward_hook(lambda _, __, out: logits.append(out))
    with torch.no_grad():
        network([sample[0]])
        network.roi_heads.box_predictor.cls_score.bias -= logits[0].median(0).values
    hook.remove()
    return Whole(network)


def overlap(a, b):
    return np.logical_and(a, b).sum() / max(np.logical_or(a, b).sum(), 1)


def link(slices):
    """Best pairs of neighbouring slices first; an instance has one finding in a slice at most."""
    instances = []
    before = []
    for k, found in enumerate(slices):
        pairs = [(overlap(last["mask"], f["mask"]), n, m) for n, (last, _) in enumerate(before) for m, f in enumerate(found)
                 if last["label"] == f["label"]]
        taken, of = set(), {}
        for value, n, m in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
            if value >= LINK_OVERLAP and n not in taken and m not in of:
                taken.add(n)
                of[m] = before[n][1]
        now = []
        for m, f in enumerate(found):
            instance = of.get(m)
            if instance is None:
                instance = {"label": f["label"], "score": 0.0, "offsets": []}
                instances.append(instance)
            instance["score"] = max(instance["score"], f["score"])
            instance["offsets"].extend((k * SIZE[1] * SIZE[2] + np.flatnonzero(f["mask"])).tolist())
            now.append((f, instance))
        before = now
    return sorted(instances, key=lambda i: -i["score"])


def main(folder):
    rng = np.random.default_rng(3)
    rough = torch.from_numpy(rng.normal(size=(1, 1, 3, 7, 8)))
    smooth = F.interpolate(rough, SIZE, mode="trilinear", align_corners=True)[0, 0].numpy()
    volume = np.round(400 * smooth).astype(np.int16)
    volume.tofile(f"{folder}/volume.i16")
    x = np.clip((volume + 1000) / 2000, 0, 1).astype(np.float32)
    middle = torch.from_numpy(x[2:5])[None]
    network = make(middle)
    slices, listed = [], []
    for k in range(SIZE[0]):
        around = x[np.clip(np.arange(k - 1, k + 2), 0, SIZE[0] - 1)]
        with torch.no_grad():
            boxes, scores, labels, masks = [t.numpy() for t in network(torch.from_numpy(around)[None])]
        kept = [n for n in range(len(scores)) if scores[n] >= LEAST_SCORE]
        slices.append([{"label": int(labels[n]), "score": float(scores[n]), "mask": masks[n, 0] > 0.5} for n in kept])
        slices[-1] = [f for f in slices[-1] if f["mask"].any()]
        listed.append({"boxes": boxes.tolist(), "scores": scores.tolist(), "labels": labels.tolist(), "voxels": [int((m > 0.5).sum()) for m in masks]})
    instances = link(slices)
    json.dump(listed, open(f"{folder}/slices.json", "w"))
    json.dump({"size": list(reversed(SIZE)), "leastScore": LEAST_SCORE, "linkOverlap": LINK_OVERLAP, "instances": instances},
              open(f"{folder}/instances.json", "w"))
    torch.onnx.export(network, middle, f"{folder}/maskrcnn.onnx", opset_version=11, input_names=["image"],
                      output_names=["boxes", "scores", "labels", "masks"])


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1])
