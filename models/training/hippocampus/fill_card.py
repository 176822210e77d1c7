#!/usr/bin/env python3
"""Puts the test part's figures into card.md (between its two markers) and into manifest.json. Usage: fill_card.py OUT PACK"""
import json
import os
import re
import sys

out, pack = sys.argv[1:]
with open(os.path.join(out, "test.json")) as file:
    report = json.load(file)
with open(os.path.join(out, "test.md")) as file:
    tables = file.read()
card = os.path.join(pack, "card.md")
with open(card) as file:
    text = file.read()
text, found = re.subn(r"(?s)(<!-- figures -->\n).*?(\n<!-- end -->)", lambda m: m[1] + "\n" + tables + m[2], text)
assert found == 1, "card.md has lost its markers"
with open(card, "w") as file:
    file.write(text)

on = f"{report['cases']} cases of {report['patients']} patients, the test part, 1 mm grid"
metrics = []
for key, subject in (("anterior", "Anterior hippocampus"), ("posterior", "Posterior hippocampus")):
    s = report["structures"][key]
    metrics += [
        {"name": "Dice", "subject": subject, "value": round(s["dice"]["mean"], 4), "on": on + ", mean"},
        {"name": "95 % Hausdorff distance, mm", "subject": subject, "value": round(s["hd95Mm"]["mean"], 2), "on": on + ", mean"},
        {"name": "Volume error, %", "subject": subject, "value": round(s["volume"]["absolutePercent"], 1), "on": on + ", mean of amounts"},
    ]
metrics.append(
    {
        "name": "Expected calibration error",
        "subject": "within 3 mm of a structure",
        "value": round(report["calibration"]["near"]["ece"], 4),
        "on": on,
    }
)
path = os.path.join(pack, "manifest.json")
with open(path) as file:
    manifest = json.load(file)
manifest["metrics"] = metrics
with open(path, "w") as file:
    json.dump(manifest, file, indent=2, ensure_ascii=False)
    file.write("\n")
print("Now: npx biome format --write models/hippocampus/manifest.json")
