/** What the demonstration segments: bone by the CT preset, organs by the demonstration network where it is installed. */
import type { SegmentationDetail } from '#contract/schemas/segmentation.ts';
import { applyDelta } from '#core/segmentation/delta.ts';
import { emptyLabelmap } from '#core/segmentation/labelmap.ts';
import { ctBone } from '#core/segmentation/operations/ctBone.ts';
import { runOperation } from '#core/segmentation/operations/operation.ts';
import { CUSTOMARY_COLORS } from '#core/segmentation/palette.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { writeMaskFor } from '#core/segmentation/writeMask.ts';
import type { InferenceService } from '../inference/inferenceService.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { SegmentationService } from '../segmentations/segmentationService.ts';
import type { SeriesVolume } from '../studies/loadVolume.ts';
import type { OpenVault } from '../vault/openVault.ts';

const BONE: Segment = {
  number: 1,
  name: 'Bone',
  layer: 0,
  color: CUSTOMARY_COLORS.bone,
  codes: {
    category: { value: '123037004', scheme: 'SCT', meaning: 'Anatomical Structure' },
    type: { value: '272673000', scheme: 'SCT', meaning: 'Bone' },
  },
  opacity: 0.5,
  display: 'both',
  visible: true,
  locked: false,
  origin: 'preset',
};

export async function segmentBone(
  segmentations: SegmentationService,
  volume: SeriesVolume,
): Promise<SegmentationDetail> {
  const { geometry, scalars, seriesId } = volume;
  const labelmap = emptyLabelmap(geometry.size);
  const mask = writeMaskFor([BONE], BONE.number, { overwrite: 'unlocked' });
  applyDelta(labelmap, runOperation(ctBone, { labelmap, target: BONE.number, geometry, scalars, other: null, mask }));
  return segmentations.addResult({
    seriesId,
    geometry,
    name: 'Bone',
    state: 'accepted',
    origin: 'preset',
    provenance: null,
    segments: [BONE],
    layers: [labelmap],
  });
}

/** @returns null where no demonstration network is installed: then the demonstration goes on without one */
export async function segmentOrgans(
  deps: {
    readonly vault: OpenVault;
    readonly segmentations: SegmentationService;
    readonly inference: InferenceService;
  },
  volume: SeriesVolume,
  context: JobContext,
): Promise<SegmentationDetail | null> {
  const { vault, segmentations, inference } = deps;
  const models = await inference.models();
  const model = models.find((m) => m.demonstrationOnly && m.modality === volume.modality && m.problem === null);
  if (!model) return null;
  const answer = await inference.run(
    { modelId: model.id, volume, modality: volume.modality, isDemonstration: true },
    context,
  );
  const proposal = await segmentations.addResult({
    seriesId: volume.seriesId,
    geometry: volume.geometry,
    name: answer.name,
    state: 'proposed',
    origin: 'model',
    provenance: { ...answer.provenance, operator: vault.user.name },
    segments: answer.segments,
    layers: [answer.labelmap],
  });
  return segmentations.accept(proposal.id);
}
