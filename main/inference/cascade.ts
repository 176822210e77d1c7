/** A coarse model crops for a fine one, or a person does: which, to what, and the way back onto the series' grid. Geometry: core/inference/cropToStructure.ts. */
import { LanternError } from '#core/errors/lanternError.ts';
import type { WorldPoint } from '#core/geometry/points.ts';
import { isSameGrid } from '#core/inference/bringOntoGrid.ts';
import { boxAround, boxSize, cropToBox, pasteFromBox, pasteRuns } from '#core/inference/cropToStructure.ts';
import { seriesNames } from '#core/inference/inputTensor.ts';
import type { ModelCascade } from '#core/inference/modelManifest.ts';
import type { IndexBox, Labelmap } from '#core/segmentation/labelmap.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { ProcessRun } from './InferenceProcess.ts';
import type { ModelPack } from './modelPack.ts';

export interface Cascade {
  /** The coarse one. */
  readonly pack: ModelPack;
  readonly terms: ModelCascade;
}

/**
 * @param find a pack of this machine, ready to be run
 * @returns null where the model runs alone
 * @throws model/cascade-unfit, and what `find` throws
 */
export async function cascadeOf(
  packs: readonly ModelPack[],
  find: (modelId: string) => Promise<ModelPack>,
): Promise<Cascade | null> {
  const fine = packs.find(({ manifest }) => manifest.cascade);
  const terms = fine?.manifest.cascade;
  if (!fine || !terms) return null;
  const refuse = (why: string): never => {
    throw new LanternError(
      'model/cascade-unfit',
      `“${fine.manifest.name}” cannot be run as its manifest says: ${why}.`,
      'Get both model packs again from their maker.',
    );
  };
  if (packs.length > 1) refuse('a model that looks at a part of a series cannot be averaged with others');
  const pack = await find(terms.modelId);
  const { manifest } = pack;
  if (manifest.cascade) refuse(`“${manifest.name}”, which should run before it, needs another one before itself`);
  if (manifest.output.kind !== 'semantic') refuse(`“${manifest.name}” answers with no mask`);
  if (manifest.output.overlapping) refuse(`the classes of “${manifest.name}” overlap`);
  if (seriesNames(manifest.input).length > 1) refuse(`“${manifest.name}” reads several series`);
  const unknown = terms.classes.find((value) => !manifest.classes.some((c) => c.value === value));
  if (unknown !== undefined) refuse(`“${manifest.name}” has no class ${unknown}`);
  return { pack, terms };
}

/** @throws model/nothing-to-crop */
export function boxFor({ pack, terms }: Cascade, mask: Labelmap, { geometry }: Volume, fineName: string): IndexBox {
  const box = boxAround(mask, terms.classes, geometry.spacingMm, terms.marginMm);
  if (box) return box;
  const names = pack.manifest.classes.filter(({ value }) => terms.classes.includes(value)).map(({ name }) => name);
  throw new LanternError(
    'model/nothing-to-crop',
    `“${pack.manifest.name}” found no ${names.join(' and no ')} in this series, so “${fineName}” has nothing to look at.`,
    'Check that the series shows this part of the body.',
  );
}

/** The first series in the box, and those of the others that lie on its grid. */
export function cropAll(volumes: readonly [Volume, ...Volume[]], box: IndexBox): [Volume, ...Volume[]] {
  const [first, ...others] = volumes;
  const part = (volume: Volume): Volume =>
    isSameGrid(first.geometry, volume.geometry) ? cropToBox(volume, box) : volume;
  return [cropToBox(first, box), ...others.map(part)];
}

/** The answer for a part on the whole series' grid. */
export function widened(run: ProcessRun, box: IndexBox, { geometry: { size } }: Volume): ProcessRun {
  return {
    ...run,
    labelmap: run.labelmap && { size, voxels: pasteFromBox(run.labelmap.voxels, box, size) },
    instances: run.instances?.map((one) => ({ ...one, runs: pasteRuns(one.runs, box, size) })) ?? null,
    doubt: run.doubt && { ...run.doubt, values: pasteFromBox(run.doubt.values, box, size) },
  };
}

/** For the provenance: first voxel and size of what the fine model saw. */
export function cascadeProvenance({ pack, terms }: Cascade, box: IndexBox) {
  const { id, name, version } = pack.manifest;
  return {
    modelId: id,
    modelName: name,
    modelVersion: version,
    sha256: pack.sha256,
    marginMm: terms.marginMm,
    start: [...box.min],
    size: [...boxSize(box)],
  };
}

/** For the provenance: first voxel and size of the part that a person chose, and the point that it lies around. */
export function regionProvenance(box: IndexBox, [x, y, z]: WorldPoint) {
  return { aroundLps: [x, y, z] as [number, number, number], start: [...box.min], size: [...boxSize(box)] };
}
