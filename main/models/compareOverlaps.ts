/**
 * What less overlap between windows costs and saves: the network runs over one volume at several overlaps, and each mask is held against
 * that of the highest. The maker of a pack puts the recommended one into the manifest's `window.overlap`. Next: cli models overlap.
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { LanternError } from '#core/errors/lanternError.ts';
import { coarseAgreement } from '#core/inference/coarseLabels.ts';
import { runPlan } from '#core/inference/runPlan.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Volume } from '#core/volume/volume.ts';
import { InferenceService } from '../inference/inferenceService.ts';
import type { ModelPack } from '../inference/modelPack.ts';
import type { JobContext } from '../jobs/jobs.ts';

/** The last one is what the others are held against. */
export const OVERLAPS = [0.25, 0.375, 0.5, 0.625] as const;

export interface OverlapRow {
  readonly overlap: number;
  readonly windows: number;
  /** In the runtime. */
  readonly seconds: number;
  /** Mean over the classes that either mask holds; null where none is found at all. */
  readonly dice: number | null;
}

export interface OverlapComparison {
  readonly rows: readonly OverlapRow[];
  /** The smallest whose error (1 − Dice) is at most the bound; null: nothing was found, so nothing can be said. */
  readonly recommended: number | null;
}

/**
 * @param mostError 1 − Dice that is allowed, against the highest overlap
 * @throws model/no-windows where the volume is one window, or the model reads several series or gives no voxel one class; what a run throws
 */
export async function compareOverlaps(
  pack: ModelPack,
  volume: Volume,
  mostError: number,
  context: JobContext,
): Promise<OverlapComparison> {
  const { manifest } = pack;
  const planned = (overlap: number) =>
    runPlan({ ...manifest, window: { ...manifest.window, overlap } }, volume.geometry).tiling.starts.length;
  if (manifest.output.kind !== 'semantic' || manifest.output.overlapping || manifest.cascade || planned(0) === 1)
    throw noWindows(manifest.name);
  const folder = await mkdtemp(join(tmpdir(), 'lantern-overlap-'));
  const service = new InferenceService({ modelFolders: [folder] });
  try {
    await mkdir(join(folder, 'pack'));
    for (const { file } of pack.networks) await copyFile(file, join(folder, 'pack', basename(file)));
    const masks: { overlap: number; seconds: number; mask: Labelmap }[] = [];
    for (const overlap of OVERLAPS) {
      const changed = { ...manifest, window: { ...manifest.window, overlap } };
      await writeFile(join(folder, 'pack', 'manifest.json'), JSON.stringify(changed));
      const modality = manifest.modality === 'any' ? 'OT' : manifest.modality;
      const request = { modelId: manifest.id, volume, modality, provider: 'cpu' as const };
      const { labelmap, networkSeconds } = await service.run(request, context);
      masks.push({ overlap, seconds: networkSeconds, mask: labelmap });
    }
    const { geometry } = volume;
    const best = masks.at(-1)?.mask as Labelmap;
    const rows = masks.map(({ overlap, seconds, mask }) => ({
      ...{ overlap, seconds, windows: planned(overlap) },
      dice: coarseAgreement(mask, best, geometry, geometry.spacingMm),
    }));
    const enough = rows.find(({ dice }) => dice !== null && 1 - dice <= mostError);
    return { rows, recommended: enough?.overlap ?? null };
  } finally {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function noWindows(name: string): LanternError {
  return new LanternError(
    'model/no-windows',
    `“${name}” does not look at this volume in several windows that give each voxel one class, so no overlap can be measured.`,
    'Choose a volume that is larger than the window of its manifest, and a model whose classes do not overlap.',
  );
}
