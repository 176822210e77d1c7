/**
 * The procedures of the host: contract first, carried by oRPC under /rpc. Binary never travels here (blobRoutes.ts).
 * Every expected failure arrives as the typed error LANTERN with {code, message, hint}.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { explanationEstimate } from './schemas/explanation.ts';
import { exportFormat } from './schemas/exportResult.ts';
import { vector3 } from './schemas/geometry.ts';
import { placeOfDoubt, runEstimate, runPriority } from './schemas/inference.ts';
import { job } from './schemas/job.ts';
import { measurement } from './schemas/measurement.ts';
import { errorData } from './schemas/messages.ts';
import { modelSummary } from './schemas/model.ts';
import { prompt, promptPreview, promptSlices } from './schemas/prompt.ts';
import { providerName, providerStatus } from './schemas/provider.ts';
import { historyStep, segmentationDetail } from './schemas/segmentation.ts';
import { seriesDetail, studySummary } from './schemas/study.ts';
import { vaultStatus } from './schemas/vaultStatus.ts';

const base = oc.errors({ LANTERN: { status: 422, data: errorData } });
const id = z.object({ id: z.string() });
const ok = z.object({ ok: z.literal(true) });
const jobRef = z.object({ jobId: z.string() });
const segmentToExplain = z.object({
  segmentationId: z.string(),
  /** Number of the segment. */
  segment: z.int(),
  /** Edge of the smallest patch; default: by the segment's size. */
  patchMm: z.number().optional(),
  /** Of the network; default: 60, more where a segment falls into several windows. */
  mostRuns: z.int().optional(),
});

export const api = {
  vault: {
    status: base.output(vaultStatus),
    /** Creates the vault and unlocks it. The recovery code is answered once and never again. */
    create: base
      .input(z.object({ name: z.string().min(1), userName: z.string().min(1), passphrase: z.string() }))
      .output(z.object({ recoveryCode: z.string() })),
    unlock: base.input(z.object({ passphrase: z.string() })).output(vaultStatus),
    /** Opens with the printed code and sets a new passphrase. */
    recover: base.input(z.object({ recoveryCode: z.string(), newPassphrase: z.string() })).output(vaultStatus),
    lock: base.output(vaultStatus),
  },
  studies: {
    list: base.output(z.object({ studies: z.array(studySummary) })),
    remove: base.input(id).output(ok),
  },
  series: {
    get: base.input(id).output(seriesDetail),
    /** Makes the stored volume again from the originals where it is damaged or gone; `get` tells its new id. */
    restoreVolume: base.input(id).output(ok),
  },
  imports: {
    /** Either paths on this machine (Electron, command line) or an upload (loopback, see blobRoutes). */
    start: base
      .input(z.object({ paths: z.array(z.string()).optional(), uploadId: z.string().optional() }))
      .output(jobRef),
  },
  segmentations: {
    create: base.input(z.object({ seriesId: z.string(), name: z.string() })).output(segmentationDetail),
    get: base.input(id).output(segmentationDetail),
    rename: base.input(z.object({ id: z.string(), name: z.string().min(1) })).output(ok),
    history: base.input(id).output(z.object({ steps: z.array(historyStep) })),
    /**
     * Where the network was unsure of its proposal, the most doubt first; null where that was not measured. The map itself comes from
     * /blob (blobRoutes.ts), one byte a voxel of the segmentation's grid; what it is stands in the provenance.
     */
    doubt: base.input(id).output(z.object({ places: z.array(placeOfDoubt).nullable() })),
    /** A proposal becomes the clinician's: all of it, or the segments with these numbers; undo brings the others back. */
    accept: base.input(z.object({ id: z.string(), segments: z.array(z.int()).optional() })).output(segmentationDetail),
    /** A proposal, or a segmentation that is no longer wanted; `onlyProposed`: refused where it was accepted meanwhile. */
    remove: base.input(z.object({ id: z.string(), onlyProposed: z.boolean().optional() })).output(ok),
  },
  measurements: {
    list: base.input(z.object({ seriesId: z.string() })).output(z.object({ measurements: z.array(measurement) })),
    put: base.input(measurement).output(ok),
    remove: base.input(id).output(ok),
  },
  models: {
    list: base.output(z.object({ models: z.array(modelSummary) })),
    /** What networks can run on here. The first answer on a machine takes seconds: each is tried. */
    providers: base.output(z.object({ providers: z.array(providerStatus) })),
    /**
     * Looks at a model pack, an nnU-Net export or a MONAI bundle, a folder or .zip file, and runs nothing of it: a path on this machine
     * or an upload. The job's result is a modelLook.
     */
    look: base
      .input(
        z.object({ path: z.string().optional(), uploadId: z.string().optional(), orientation: z.string().optional() }),
      )
      .output(jobRef),
    /** Takes in what was looked at, after a dry run; `trust`: a person answers for a pack that no trusted key signed. */
    import: base.input(z.object({ lookId: z.string(), trust: z.boolean() })).output(jobRef),
    discardLook: base.input(z.object({ lookId: z.string() })).output(ok),
    /** An imported model; those that come with the program stay. */
    remove: base.input(id).output(ok),
  },
  inference: {
    /** A run is likely soon: its process starts now, and ends by itself when none comes. */
    prepare: base.output(ok),
    /** Whether a model is for this series, or for a part of it around a point, and what a run would take, flipped too or not; looks at no voxel. */
    estimate: base
      .input(
        z.object({
          seriesId: z.string(),
          modelId: z.string(),
          flips: z.boolean().optional(),
          isAround: z.boolean().optional(),
        }),
      )
      .output(runEstimate),
    run: base
      .input(
        z.object({
          seriesId: z.string(),
          modelId: z.string(),
          /** Series of a model's further channels (ModelSummary.channels); the series itself is the first. Never guessed. */
          channels: z
            .array(z.object({ name: z.string(), seriesId: z.string() }))
            .max(64)
            .optional(),
          /** Further models with the same classes, whose probabilities are averaged with the first one's. */
          ensemble: z.array(z.string()).max(20).optional(),
          /** Also shows the series flipped (test-time augmentation). */
          flips: z.boolean().optional(),
          /** Only the part around this point, as large as the network sees at once (RunEstimate.regionMm). */
          aroundLps: vector3.optional(),
          /** Absent: measured where the network's numbers allow it; 'required' refuses where they don't. */
          doubt: z.enum(['no', 'if-possible', 'required']).optional(),
          /** Insists on one; refused with the reason where it can't be used. */
          provider: providerName.optional(),
          /** Wants to see a coarse look early (Job.coarse) where the run is long; it takes up to a tenth of the run's time. */
          coarse: z.boolean().optional(),
          /** A person's runs pass those of a script ("batch") that wait. Default: interactive. */
          priority: runPriority.optional(),
        }),
      )
      .output(jobRef),
  },
  /** Why a network proposed what it proposed: asked of the same network on the same series, or refused. Nothing is stored. */
  explanations: {
    /** Looks at no voxel of the series. */
    estimate: base.input(segmentToExplain).output(explanationEstimate),
    /** Hides one place around the segment after another. Result: saliencyResult. Waits behind the runs that people wait for. */
    saliency: base.input(segmentToExplain).output(jobRef),
    /** A map that the network itself offers; without `map` its first. Result: attentionResult. */
    attention: base.input(z.object({ segmentationId: z.string(), map: z.string().optional() })).output(jobRef),
  },
  prompts: {
    /** A prompt on this series is likely soon: its volume is read, the process starts, loads the networks and rehearses while nobody waits. */
    prepare: base.input(z.object({ seriesId: z.string() })).output(ok),
    /**
     * The mask of what was pointed at, in the slice of the prompt. Nothing is stored. The first answer in a slice takes a
     * second, each further one some tenths (models/prompt/card.md); a later call replaces an earlier one that still waits (job/cancelled).
     */
    preview: base.input(z.object({ seriesId: z.string(), prompt: prompt })).output(promptPreview),
    /** The same as a proposal: this slice, or followed through the neighbouring slices until the structure ends. Result: inferenceResult. */
    propose: base
      .input(
        z.object({
          seriesId: z.string(),
          prompt: prompt,
          slices: promptSlices,
          /** Of the segment. */
          name: z.string().trim().min(1).max(200).optional(),
        }),
      )
      .output(jobRef),
  },
  exports: {
    /**
     * With `file` the host writes there (temporary name, then rename). Without it, the result is kept in memory until it is
     * fetched once from /blob/exports/{jobId}.
     */
    start: base
      .input(
        z.object({
          segmentationId: z.string(),
          format: exportFormat,
          file: z.string().optional(),
          segment: z.int().optional(),
        }),
      )
      .output(jobRef),
  },
  demo: {
    /** Writes the digital phantom as DICOM into the vault. */
    install: base.output(jobRef),
  },
  jobs: {
    list: base.output(z.object({ jobs: z.array(job) })),
    /** Every change of every job, beginning with the present state. */
    watch: base.output(eventIterator(job)),
    cancel: base.input(id).output(ok),
  },
  settings: {
    get: base.output(z.record(z.string(), z.unknown())),
    put: base.input(z.object({ key: z.string(), value: z.unknown() })).output(ok),
  },
};

export type Api = typeof api;
