/**
 * What a variant is calibrated and measured on: the pack's golden case and, where the user gives some, volumes of their own, through the
 * ordinary preprocessing. They are read here and in the trials' process, and are written nowhere.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { inputGate } from '#core/inference/inputGate.ts';
import type { ModelManifest, Normalisation } from '#core/inference/modelManifest.ts';
import { voxelGate } from '#core/inference/voxelGate.ts';
import { scalarsFromBytes, type Volume } from '#core/volume/volume.ts';
import { fileEnding } from '../../import/fileEnding.ts';
import { readVolumeFile, volumeFormat } from '../../import/readVolumeFile.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { goldenGrid, goldenVolume, reducedManifest } from '../goldenRun.ts';
import type { ParentPack } from './parentPack.ts';

export interface VariantCase {
  /** "golden", "volume 1" …: no name of a file, which could be a patient's. */
  readonly name: string;
  readonly volume: Volume;
  readonly manifest: ModelManifest;
}

export interface VariantCases {
  readonly golden: VariantCase;
  readonly volumes: readonly VariantCase[];
  readonly warnings: readonly string[];
}

/**
 * @param files volumes in a format that this program imports as one file
 * @throws model/golden-unlike-images, model/calibration-file, what the gate refuses
 */
export async function variantCases(
  { pack, model, golden }: ParentPack,
  files: readonly string[],
): Promise<VariantCases> {
  const { manifest } = pack;
  const grid = goldenGrid(golden, manifest, model);
  if (!grid) throw new Error('a golden case that does not fit');
  if (files.length === 0 && !looksLikeImages(golden, manifest.input.normalisation)) throw unlikeImages(manifest.name);
  if (files.length > 0 && manifest.cascade) throw calibrationFile('another model must crop them first');
  const { cascade: _, ...alone } = manifest;
  const volumes: VariantCase[] = [];
  const warnings = new Set<string>();
  for (const [n, file] of files.entries()) {
    const volume = await readVolume(file);
    const gated = [
      ...inputGate(manifest, { geometry: volume.geometry, modality: 'OT', isDemonstration: false }),
      ...voxelGate(manifest, volume, 'OT'),
    ];
    for (const { message } of gated) warnings.add(message);
    volumes.push({ name: `volume ${n + 1}`, volume, manifest: alone });
  }
  const reduced = reducedManifest(manifest, grid, { kind: 'none' });
  return {
    golden: { name: 'golden', volume: goldenVolume(golden, manifest), manifest: reduced },
    volumes,
    warnings: [...warnings],
  };
}

/**
 * Whether a golden case lies where the network's images do: some are noise, far beyond them, and ranges that were chosen on noise would
 * spoil every image. "none" says nothing of its images, and its golden case is believed.
 */
export function looksLikeImages({ input }: Pick<GoldenCase, 'input'>, how: Normalisation): boolean {
  let [min, max, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const x of input) {
    min = Math.min(min, x);
    max = Math.max(max, x);
    sum += x;
    squares += x * x;
  }
  const mean = sum / input.length;
  const deviation = Math.sqrt(Math.max(0, squares / input.length - mean * mean));
  const within = (low: number, high: number): boolean => {
    const slack = 0.1 * (high - low);
    // Nearly uniform, it would not show what the network does either.
    return min >= low - slack && max <= high + slack && max - min >= 0.3 * (high - low);
  };
  switch (how.kind) {
    case 'min-max':
    case 'percentile':
    case 'window':
      return within(0, 1);
    case 'z-score':
      return Math.abs(mean) < 0.5 && deviation > 0.5 && deviation < 2;
    case 'fixed-z-score':
      return within((how.lower - how.mean) / how.deviation, (how.upper - how.mean) / how.deviation);
    case 'none':
      return true;
  }
}

async function readVolume(file: string): Promise<Volume> {
  const bytes = await readFile(file).catch(() => null);
  if (!bytes) throw calibrationFile('it is not there or cannot be read');
  const format = volumeFormat(bytes, fileEnding(basename(file)));
  if (!format) throw calibrationFile('it is no NIfTI, NRRD or MetaImage file');
  const { result, blocks } = readVolumeFile(bytes, format);
  const [block] = blocks;
  if (result.kind !== 'volume' || !block) throw calibrationFile('it holds no volume');
  return { geometry: result.geometry, scalars: scalarsFromBytes(result.scalarType, block) };
}

function calibrationFile(why: string): LanternError {
  return new LanternError(
    'model/calibration-file',
    `A volume for calibration cannot be used: ${why}.`,
    'Give volumes of the kind that the model reads, as .nii.gz, .nii, .nrrd or .mha files.',
  );
}

function unlikeImages(name: string): LanternError {
  return new LanternError(
    'model/golden-unlike-images',
    `The golden case of “${name}” holds values that its images never have, so nothing can be calibrated or judged on it alone.`,
    'Give a few volumes of the kind that the model reads with --calibrate.',
  );
}
