#!/usr/bin/env python3
"""Measures the network on one part of the split. Look at the test part once, when everything is decided.

Usage: evaluate.py DATA OUT --part validation|test [--members 0 1] [--axes ijk] [--borders 0 1 2 3 4]
OUT is the training's folder. A case of the validation part is answered by the members alone that were not trained on it. Writes OUT/PART.json (every case) and OUT/PART.md (the tables of the card).
"""
import argparse
import json
import os
import time

import numpy as np
import torch

from dataset import NAMES, patient_of, read_split
from ensemble import add_options, build, predictions, read_options, unseen_by
from memory import keep_memory
from metrics import Reliability, border_plane, dice, divided_at, hausdorff95, interval_of_mean, near, softmax


def measure_case(logits, truth):
    got = logits.argmax(0)
    row = {}
    for c in (1, 2):
        a, b = got == c, truth == c
        row[NAMES[c]] = {
            "dice": dice(a, b),
            "hd95Mm": hausdorff95(a, b),
            "truthMl": float(b.sum()) / 1000,
            "gotMl": float(a.sum()) / 1000,
        }
    a, b = got > 0, truth > 0
    row["whole"] = {
        "dice": dice(a, b),
        "hd95Mm": hausdorff95(a, b),
        "truthMl": float(b.sum()) / 1000,
        "gotMl": float(a.sum()) / 1000,
    }
    row["meanDice"] = (row["anterior"]["dice"] + row["posterior"]["dice"]) / 2
    plane = border_plane(truth)
    told = divided_at(got, plane)
    row["toldBorder"] = {"meanDice": np.mean([dice(told == c, truth == c) for c in (1, 2)]), "offSlices": abs(border_plane(got) - plane)}
    return row


def column(rows, structure, what):
    return np.array([row[structure][what] for row in rows])


def summary_of(rows, structure, patients):
    truth, got = column(rows, structure, "truthMl"), column(rows, structure, "gotMl")
    hd, scores = column(rows, structure, "hd95Mm"), column(rows, structure, "dice")
    error = got - truth
    return {
        "dice": {"mean": scores.mean(), "deviation": scores.std(ddof=1), "least": scores.min(), "interval95": interval_of_mean(scores, patients)},
        "hd95Mm": {"mean": np.nanmean(hd), "median": np.nanmedian(hd), "most": np.nanmax(hd), "missing": int(np.isnan(hd).sum())},
        "volume": {
            "truthMl": truth.mean(),
            "biasMl": error.mean(),
            "limitsMl": [error.mean() - 1.96 * error.std(ddof=1), error.mean() + 1.96 * error.std(ddof=1)],
            "absoluteMl": np.abs(error).mean(),
            "absolutePercent": (100 * np.abs(error) / truth).mean(),
            "correlation": np.corrcoef(truth, got)[0, 1],
        },
    }


def terciles_of(rows):
    truth = column(rows, "whole", "truthMl")
    bounds = np.quantile(truth, [1 / 3, 2 / 3])
    at = np.searchsorted(bounds, truth, side="left")
    parts = []
    for n, name in enumerate(("small", "middle", "large")):
        mine = [row for row, part in zip(rows, at) if part == n]
        error = column(mine, "whole", "gotMl") - column(mine, "whole", "truthMl")
        parts.append(
            {
                "name": name,
                "cases": len(mine),
                "fromMl": column(mine, "whole", "truthMl").min(),
                "toMl": column(mine, "whole", "truthMl").max(),
                "diceAnterior": column(mine, "anterior", "dice").mean(),
                "dicePosterior": column(mine, "posterior", "dice").mean(),
                "hd95Anterior": np.nanmean(column(mine, "anterior", "hd95Mm")),
                "hd95Posterior": np.nanmean(column(mine, "posterior", "hd95Mm")),
                "biasMl": error.mean(),
                "absolutePercent": (100 * np.abs(error) / column(mine, "whole", "truthMl")).mean(),
            }
        )
    return parts


def rounded(x):
    if isinstance(x, dict):
        return {k: rounded(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [rounded(v) for v in x]
    return round(float(x), 5) if isinstance(x, (float, np.floating)) else x


def markdown(report):
    lines = [f"{report['cases']} cases of {report['patients']} patients ({report['part']} part).", ""]
    lines += ["| structure | Dice: mean ± SD (95 % interval) | least | HD95 mm: mean, median, most | volume: bias ml (limits of agreement) | error | r |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
    for name in ("anterior", "posterior", "whole"):
        s = report["structures"][name]
        d, h, v = s["dice"], s["hd95Mm"], s["volume"]
        lines.append(
            f"| {name} | {d['mean']:.4f} ± {d['deviation']:.4f} ({d['interval95'][0]:.3f} to {d['interval95'][1]:.3f}) | {d['least']:.3f} "
            f"| {h['mean']:.2f}, {h['median']:.2f}, {h['most']:.2f} | {v['biasMl']:+.3f} ({v['limitsMl'][0]:+.2f} to {v['limitsMl'][1]:+.2f}) "
            f"| {v['absolutePercent']:.1f} % | {v['correlation']:.3f} |"
        )
    m = report["meanDice"]
    lines += ["", f"Mean of anterior and posterior: **{m['mean']:.4f}** (95 % interval {m['interval95'][0]:.3f} to {m['interval95'][1]:.3f})."]
    told = report["toldBorder"]
    lines += [
        f"The border between the two is a coronal plane in the labels; the network's is off by {told['offSlices']:.2f} mm on average. With its "
        f"own outline and the label's plane the mean would be {told['meanDice']:.4f}."
    ]
    lines += ["", "| volume tercile | cases | ml | Dice anterior | Dice posterior | HD95 anterior, posterior | bias ml | error |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for t in report["terciles"]:
        lines.append(
            f"| {t['name']} | {t['cases']} | {t['fromMl']:.2f} to {t['toMl']:.2f} | {t['diceAnterior']:.4f} | {t['dicePosterior']:.4f} "
            f"| {t['hd95Anterior']:.2f}, {t['hd95Posterior']:.2f} | {t['biasMl']:+.3f} | {t['absolutePercent']:.1f} % |"
        )
    near_, all_ = report["calibration"]["near"], report["calibration"]["all"]
    lines += [
        "",
        f"Expected calibration error ({len(near_['bins'])} bins in use): {near_['ece']:.4f} within 3 mm of a structure, {all_['ece']:.4f} over "
        f"all voxels; log loss {near_['logLoss']:.4f}, Brier {near_['brier']:.4f} within 3 mm.",
        "",
        "| confidence, within 3 mm | voxels | mean confidence | right |",
        "| --- | --- | --- | --- |",
    ]
    for b in near_["bins"]:
        lines.append(f"| {b['from']:.2f} to {b['to']:.2f} | {b['voxels']} | {b['confidence']:.3f} | {b['right']:.3f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = add_options(argparse.ArgumentParser())
    parser.add_argument("--part", choices=("validation", "test"), required=True)
    options = read_options(parser)
    keep_memory()
    torch.set_num_threads(2)
    net, how = build(options)
    names = read_split()[options.part]
    begin = time.time()
    net_of = unseen_by(options, how["temperature"]) if options.part == "validation" else lambda _: net
    cases = predictions(net_of, options.data, names, options.axes)
    seconds = (time.time() - begin) / len(names)
    rows = [measure_case(logits, truth) for logits, truth in cases.values()]
    patients = [patient_of(name) for name in names]
    everywhere, close = Reliability(), Reliability()
    for logits, truth in cases.values():
        p = softmax(logits.astype(np.float64))
        everywhere.add(p.reshape(len(p), -1), truth.ravel())
        where = near(truth, logits.argmax(0))
        close.add(p[:, where], truth[where])
    scores = [row["meanDice"] for row in rows]
    report = rounded(
        {
            "part": options.part,
            "cases": len(rows),
            "patients": len(set(patients)),
            "how": how,
            "secondsPerCase": seconds,
            "meanDice": {"mean": np.mean(scores), "deviation": np.std(scores, ddof=1), "least": min(scores), "interval95": interval_of_mean(scores, patients)},
            "structures": {name: summary_of(rows, name, patients) for name in ("anterior", "posterior", "whole")},
            "toldBorder": {what: np.mean([row["toldBorder"][what] for row in rows]) for what in ("meanDice", "offSlices")},
            "terciles": terciles_of(rows),
            "calibration": {"near": close.summary(), "all": everywhere.summary()},
            "byCase": {name: row for name, row in zip(names, rows)},
        }
    )
    with open(os.path.join(options.out, options.part + ".json"), "w") as file:
        json.dump(report, file, indent=1)
    with open(os.path.join(options.out, options.part + ".md"), "w") as file:
        file.write(markdown(report))
    print(markdown(report))


if __name__ == "__main__":
    main()
