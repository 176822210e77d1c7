/**
 * The pack of a variant that was kept: the network, a manifest and a card that say what it was made from and what it lost, and a golden
 * case of its own. No voxel of a calibration volume goes into it.
 */
import { createHash } from 'node:crypto';
import { modelManifest } from '#contract/modelManifest.ts';
import type { ModelManifest, ModelVariant } from '#core/inference/modelManifest.ts';
import { SOFTWARE_VERSION } from '../../export/softwareVersion.ts';
import { GOLDEN_INPUT, GOLDEN_LABELS, NO_CLASS } from '../goldenCase.ts';
import { packFiles } from '../packFiles.ts';
import { writeFolderAtomically } from '../writeFolderAtomically.ts';
import type { VariantMeasure } from './measureVariant.ts';
import type { ParentPack } from './parentPack.ts';
import { variantCard } from './variantCard.ts';

export interface VariantNames {
  /** Added to the parent's id and name: "int8". */
  readonly suffix: string;
  /** How it was made, a sentence for the card. */
  readonly made: string;
}

/** @returns the manifest that was written. @throws disk/exists and its kin; nothing is left behind then */
export async function writeVariant(
  out: string,
  parent: ParentPack,
  network: Uint8Array,
  change: ModelVariant['change'],
  measure: VariantMeasure,
  names: VariantNames,
): Promise<ModelManifest> {
  const manifest = modelManifest.parse(manifestOf(parent, network, change, measure, names));
  const channelOf = new Map(manifest.classes.map(({ value }, channel) => [value, channel]));
  const labels = Uint8Array.from(measure.goldenMask, (label) => channelOf.get(label) ?? NO_CLASS);
  const licences = [...(await packFiles(parent.pack.folder))].filter(([name]) => /^LICEN[CS]E/.test(name));
  const card = variantCard(manifest, parent.pack, measure, `${names.made} Made by Lantern ${SOFTWARE_VERSION}.`);
  await writeFolderAtomically(
    out,
    new Map<string, Uint8Array | string>([
      ...licences,
      ['manifest.json', `${JSON.stringify(manifest, null, 2)}\n`],
      ['model.onnx', network],
      ['card.md', card],
      [
        GOLDEN_INPUT,
        new Uint8Array(parent.golden.input.buffer, parent.golden.input.byteOffset, parent.golden.input.byteLength),
      ],
      [GOLDEN_LABELS, labels],
    ]),
  );
  return manifest;
}

function manifestOf(
  { pack }: ParentPack,
  network: Uint8Array,
  change: ModelVariant['change'],
  { meanDice, leastDice, speedup, processor, cases }: VariantMeasure,
  { suffix }: VariantNames,
): ModelManifest {
  const { id, name, version } = pack.manifest;
  const [golden] = cases;
  return {
    ...pack.manifest,
    id: `${id.slice(0, 99 - suffix.length)}-${suffix}`,
    name: `${name.slice(0, 190 - suffix.length)} (${suffix})`,
    variantOf: { modelId: id, version, sha256: pack.sha256, change, meanDice, leastDice, speedup, processor },
    files: [{ role: 'network', name: 'model.onnx', sha256: createHash('sha256').update(network).digest('hex') }],
    // What was measured on the parent is the parent's.
    metrics: pack.manifest.classes.flatMap(({ value, name: subject }) => {
      const dice = golden?.dice.get(value);
      const on = 'the golden case, against the mask of the model that it was made from';
      return dice === undefined ? [] : [{ name: 'Dice', subject, value: dice, on }];
    }),
    peakMemoryMb: null,
  };
}
