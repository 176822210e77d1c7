/** The codes against the tables of DICOM PS3.16 as pydicom carries them: a right check digit alone may still name something else. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { PHANTOM_STRUCTURES } from '../phantom/phantomStructures.ts';
import { BRAIN_CONCEPTS } from './brainTerms.ts';
import { TERMS } from './terminology.ts';

const SCRIPT = `
import json
from pydicom.sr._concepts_dict import concepts
names = {}
for by_code in [*concepts['SCT'].values(), *concepts['DCM'].values()]:
    for code, (meaning, _) in by_code.items():
        names.setdefault(code, []).append(meaning.lower())
print(json.dumps(names))`;

/** Our name, and the words that the standard uses for the same concept. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  'Morphologically Altered Structure': 'morphologically abnormal structure',
  'Thyroid gland': 'thyroid',
  'Urinary bladder': 'bladder',
};
/** Compared by hand: terminology.ts says with what. */
const NOT_IN_THE_STANDARD = ['Fat'];

const python = ['/usr/bin/python3', 'python3'].find((p) => spawnSync(p, ['-c', 'import pydicom']).status === 0);
if (!python) process.stderr.write('\nSKIPPED for want of pydicom: SNOMED CT codes against DICOM PS3.16\n');

it.runIf(python)('every code names in DICOM PS3.16 what it names here', () => {
  const run = spawnSync(python ?? '', ['-c', SCRIPT], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const names = JSON.parse(run.stdout) as Record<string, string[]>;
  const coded = [...TERMS, ...PHANTOM_STRUCTURES].map(({ codes }) => codes);
  const concepts = [
    ...BRAIN_CONCEPTS,
    ...coded.flatMap(({ category, type, modifier }) => [category, type, ...(modifier ? [modifier] : [])]),
  ];
  expect(concepts.length).toBeGreaterThan(100);
  const wrong = concepts.filter(({ value, meaning }) => {
    if (NOT_IN_THE_STANDARD.includes(meaning)) return false;
    return !names[value]?.includes(OTHER_WORDS[meaning] ?? meaning.toLowerCase());
  });
  expect(wrong).toEqual([]);
});
