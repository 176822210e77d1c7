/**
 * The demonstration without a screen: phantom, import, segmentations, every export and pictures, all by the ways that a clinic's
 * data goes. Next: demoSegmentations.ts, ../export/exportSegmentation.ts.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFormat } from '#contract/schemas/exportResult.ts';
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import type { PhantomOptions } from '#core/phantom/phantomVolume.ts';
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { exportSegmentation } from '../export/exportSegmentation.ts';
import { planePictures, pngOf, surfacePicture } from '../export/report/pictures.ts';
import { segmentFacts } from '../export/report/segmentFacts.ts';
import { writeFileAtomically } from '../export/writeFileAtomically.ts';
import { importPaths } from '../import/importPaths.ts';
import type { InferenceService } from '../inference/inferenceService.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { SegmentationService } from '../segmentations/segmentationService.ts';
import { loadVolume, type SeriesVolume } from '../studies/loadVolume.ts';
import type { OpenVault } from '../vault/openVault.ts';
import { segmentBone, segmentOrgans } from './demoSegmentations.ts';
import { fourUp } from './fourUp.ts';
import { writePhantomDicom } from './phantomDicom.ts';

export interface DemoDeps {
  readonly vault: OpenVault;
  readonly segmentations: SegmentationService;
  readonly inference: InferenceService;
}

const QUARTER_PX = 640;

/** @returns the paths of all files written, the DICOM slices among them */
export async function runDemo(
  deps: DemoDeps,
  outFolder: string,
  context: JobContext,
  phantom: PhantomOptions = {},
): Promise<{ readonly files: string[] }> {
  const { vault, segmentations } = deps;
  await mkdir(outFolder, { recursive: true });
  const files = await writePhantomDicom(join(outFolder, 'dicom'), context, phantom);
  const imported = await importPaths(vault, [join(outFolder, 'dicom')], context, { isDemonstration: true });
  const seriesId = imported.series[0];
  if (!seriesId) throw new Error('the phantom was imported as no series');
  const volume = await loadVolume(vault, seriesId);
  context.progress(0, 3, 'steps', 'Finding bone');
  const bone = await segmentBone(segmentations, volume);
  context.progress(1, 3, 'steps', 'Asking the demonstration network');
  const organs = await segmentOrgans(deps, volume, context);
  const results = organs ? [organs, bone] : [bone];
  context.progress(2, 3, 'steps', 'Writing files and drawing pictures');
  // Files are made in processes of their own, one for each result at a time, while the pictures are drawn here.
  const written = await Promise.all([
    ...results.map((detail) => exportAll(deps, detail, outFolder, context)),
    drawPictures(deps, volume, results, outFolder),
  ]);
  return { files: [...files, ...written.flat()] };
}

const FORMATS: readonly ExportFormat[] = ['dicom-seg', 'nifti', 'nrrd', 'stl', 'pdf'];

async function exportAll(
  deps: DemoDeps,
  { id }: SegmentationDetail,
  outFolder: string,
  { signal }: JobContext,
): Promise<string[]> {
  const files: string[] = [];
  for (const format of FORMATS) {
    const request = { segmentationId: id, format };
    const { bytes, suggestedName } = await exportSegmentation(deps, request, { signal, progress: () => {} });
    const file = join(outFolder, suggestedName);
    await writeFileAtomically(file, bytes);
    files.push(file);
  }
  return files;
}

/** Bone and organs together: layers of all results side by side, segments pointing to theirs. */
async function drawPictures(
  { segmentations }: DemoDeps,
  volume: SeriesVolume,
  results: readonly SegmentationDetail[],
  outFolder: string,
): Promise<string[]> {
  const layers: Labelmap[] = [];
  const segments: Segment[] = [];
  for (const detail of results) {
    segments.push(...detail.segments.map((s) => ({ ...s, layer: s.layer + layers.length })));
    for (const { index } of detail.layers) layers.push(await segmentations.layer(detail.id, index));
  }
  const facts = segmentFacts(volume, layers, segments).filter(({ voxels }) => voxels > 0);
  const shown = facts.find(({ segment }) => segment.name === 'Liver') ?? facts[0];
  if (!shown) return [];
  const request = { volume, window: volume.window, layers, segments, widthPx: QUARTER_PX };
  const [axial, coronal, sagittal] = planePictures(request, shown.bestIndex);
  const surfaces = surfacePicture({
    layers,
    segments: facts.map(({ segment }) => segment),
    geometry: volume.geometry,
    size: [QUARTER_PX, QUARTER_PX],
    background: [10, 13, 17],
  });
  const written: string[] = [];
  for (const [name, image] of Object.entries({
    'four-up': axial && coronal && sagittal && fourUp([axial, surfaces, coronal, sagittal], QUARTER_PX),
    axial,
    coronal,
    sagittal,
    surfaces,
  })) {
    if (!image) continue;
    const file = join(outFolder, `${name}.png`);
    await writeFileAtomically(file, pngOf(image));
    written.push(file);
  }
  return written;
}
