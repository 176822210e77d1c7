/**
 * The labelled volumes of ../shared/data that prompts are measured on: a CT with all organs, two small ones (CT and MR) with a
 * network's organs, and a lung CT with drawn contours. Read through the program's own import.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sameGrid } from '../../../core/geometry/volumeGeometry.ts';
import type { Volume } from '../../../core/volume/volume.ts';
import { importPaths } from '../../../main/import/importPaths.ts';
import { loadVolume } from '../../../main/studies/loadVolume.ts';
import { temporaryVault } from '../../../main/vault/temporaryVault.ts';
import { contourMasks } from './contourMasks.ts';

export interface LabelledVolume {
  readonly name: string;
  readonly volume: Volume;
  readonly modality: string;
  readonly structures: readonly { readonly name: string; readonly voxels: Uint8Array }[];
}

const IRCAD = ['bone', 'left kidney', 'right kidney', 'right lung', 'left lung', 'spleen', 'liver', 'artery'];

/** @param data the folder ../shared/data */
export async function labelledVolumes(data: string): Promise<LabelledVolume[]> {
  const { vault, dispose } = await temporaryVault();
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const load = async (path: string) => {
    const { series } = await importPaths(vault, [join(data, path)], context);
    return loadVolume(vault, series[0] ?? '');
  };
  const loadPair = async (image: string, labels: string) => {
    const volume = await load(image);
    const truth = await load(labels);
    return { volume, labels: onGrid(truth, volume) };
  };
  try {
    const all: LabelledVolume[] = [];
    const abdomen = await loadPair('ct-abdomen-ircad01/PATIENT_DICOM', 'ct-abdomen-ircad01/ircad01_labels.nii.gz');
    all.push({
      name: 'ct-abdomen-ircad01',
      modality: 'CT',
      volume: abdomen.volume,
      structures: IRCAD.map((name, n) => ({
        name,
        voxels: Uint8Array.from(abdomen.labels, (v) => (v > 1 && (v - 1) >> 6 === n + 1 ? 1 : 0)),
      })),
    });
    const lung = await load('ct-lung-rtstruct/LUNG1-001/CT');
    const contours = readFileSync(join(data, 'ct-lung-rtstruct/LUNG1-001/RTSTRUCT.dcm'));
    all.push({
      name: 'ct-lung-rtstruct',
      modality: 'CT',
      volume: lung,
      structures: contourMasks(contours, lung.geometry),
    });
    for (const kind of ['ct', 'mr'] as const) {
      const labelFile = `multi-organ-samples/example_seg${kind === 'mr' ? '_mr' : ''}.nii.gz`;
      const { volume, labels } = await loadPair(`multi-organ-samples/example_${kind}_sm.nii.gz`, labelFile);
      const names = labelNames(gunzipSync(readFileSync(join(data, labelFile))));
      const numbers = [...new Set(labels)].filter((v) => v > 0).sort((a, b) => a - b);
      all.push({
        name: `multi-organ-${kind}`,
        modality: kind.toUpperCase(),
        volume,
        structures: numbers.map((v) => ({
          name: names.get(v) ?? `label ${v}`,
          voxels: Uint8Array.from(labels, (x) => (x === v ? 1 : 0)),
        })),
      });
    }
    return all;
  } finally {
    await dispose();
  }
}

/** Label files may store their slices the other way round. @throws Error where the grids differ otherwise */
function onGrid(labels: Volume, image: Volume): ArrayLike<number> & Iterable<number> {
  if (sameGrid(labels.geometry, image.geometry, 0.05)) return labels.scalars;
  throw new Error(`the labels lie on another grid: ${JSON.stringify([labels.geometry, image.geometry])}`);
}

/** TotalSegmentator writes the names into an extension of the header, as XML. */
function labelNames(nifti: Uint8Array): Map<number, string> {
  const head = Buffer.from(nifti.subarray(0, 65_536)).toString('latin1');
  return new Map(
    [...head.matchAll(/<Label Key="(\d+)"[^>]*>(?:<!\[CDATA\[)?([^<\]]+)/g)].map(([, key, name]) => [
      Number(key),
      (name ?? '').replaceAll('_', ' '),
    ]),
  );
}
