/**
 * What crosses between renderer (or command line) and host, as zod schemas: the one definition of each shape.
 * Lengths in millimetres, points in LPS, times UTC ISO 8601. Next: api.ts, blobRoutes.ts.
 */
import { z } from 'zod';

export const vector3 = z.tuple([z.number(), z.number(), z.number()]);
export const warning = z.object({ code: z.string(), message: z.string() });
export const errorData = z.object({ code: z.string(), message: z.string(), hint: z.string() });

export const geometry = z.object({
  size: vector3,
  spacingMm: vector3,
  originLps: vector3,
  /** Unit vectors of the i, j and k axis. */
  direction: z.tuple([vector3, vector3, vector3]),
});

export const codedConcept = z.object({ value: z.string(), scheme: z.string(), meaning: z.string() });
export const segmentCodes = z.object({ category: codedConcept, type: codedConcept, modifier: codedConcept.optional() });
export const segment = z.object({
  number: z.int().min(1).max(65535),
  name: z.string(),
  layer: z.int().min(0),
  color: z.string().regex(/^#[0-9a-f]{6}$/i),
  codes: segmentCodes,
  opacity: z.number().min(0).max(1),
  display: z.enum(['outline', 'fill', 'both']),
  visible: z.boolean(),
  locked: z.boolean(),
  origin: z.enum(['manual', 'model', 'preset']),
});

export const provenance = z.object({
  modelId: z.string(),
  modelName: z.string(),
  modelVersion: z.string(),
  sha256: z.string(),
  provider: z.string(),
  seconds: z.number(),
  /** Typed preprocessing steps, as recorded. */
  trace: z.array(z.unknown()),
  at: z.string(),
  operator: z.string(),
  /** The networks whose probabilities were averaged (an ensemble, or folds of one model); absent: one network. */
  members: z
    .array(z.object({ modelId: z.string(), modelName: z.string(), modelVersion: z.string(), sha256: z.string() }))
    .optional(),
  /** Test-time augmentation: axes of the body along which the series was also shown flipped; absent: none. */
  flippedAxes: z.array(z.string()).optional(),
  /** What the stored doubt is: entropy over so many classes, of the mean probability of so many answers, divided by its maximum; absent: none was measured. */
  doubt: z
    .object({ kind: z.enum(['entropy', 'largest-binary-entropy']), answers: z.int(), classes: z.int() })
    .optional(),
  /** True where a network ran in the form that this program wrote of it for the processor: equal but for rounding. */
  rewritten: z.boolean().optional(),
  /** Absent where all windows were run; else how many the volume has, and how many hold no body and count as background. */
  windows: z.object({ all: z.int(), skipped: z.int() }).optional(),
  /** The coarse model that showed this one where to look: first voxel and size of the part, on the series' grid; absent: none. */
  cascade: z
    .object({
      modelId: z.string(),
      modelName: z.string(),
      modelVersion: z.string(),
      sha256: z.string(),
      marginMm: z.number(),
      start: z.array(z.int()),
      size: z.array(z.int()),
    })
    .optional(),
  /** How sure a model of instances was of each segment, 0 … 1; absent: it answers with a mask. */
  instances: z.array(z.object({ segment: z.int(), score: z.number() })).optional(),
  /** The series of each further channel; absent: the network read one series. */
  channels: z.array(z.object({ name: z.string(), seriesId: z.string() })).optional(),
  /** What a person should read before accepting; absent in results made before it was kept. */
  warnings: z.array(warning).optional(),
});

/** What a model's answer says of itself before a person keeps it; the host adds operator and time (core/segmentation/answerOrigin.ts). */
export const answerOrigin = provenance.pick({
  ...{ modelId: true, modelName: true, modelVersion: true, sha256: true },
  ...{ provider: true, seconds: true, trace: true, warnings: true },
});

/** A place that a reader should look at before accepting; core/inference/placesOfDoubt.ts finds them. */
export const placeOfDoubt = z.object({
  /** A voxel of the place, near its middle. */
  centreLps: vector3,
  /** Sum of doubt × voxel volume. */
  doubtMl: z.number(),
  /** Largest doubt in it, 0 … 1. */
  peak: z.number(),
  voxels: z.int(),
  /** The one or two commonest classes there; value 0 is the background. */
  classes: z.array(z.object({ value: z.int(), name: z.string() })),
});

export const segmentSummary = z.object({
  number: z.int(),
  name: z.string(),
  color: z.string(),
  voxels: z.int(),
  volumeMl: z.number(),
});
export const segmentationState = z.enum(['proposed', 'accepted']);
export const segmentationSummary = z.object({
  id: z.string(),
  name: z.string(),
  state: segmentationState,
  origin: z.enum(['manual', 'model', 'preset']),
  modifiedAt: z.string(),
  segments: z.array(segmentSummary),
});

export const historyStep = z.object({
  sequence: z.int(),
  code: z.string(),
  label: z.string(),
  at: z.string(),
  done: z.boolean(),
});

/** What the host answers to every committed, undone or redone edit. */
export const editReceipt = z.object({
  revision: z.int(),
  segments: z.array(segment),
  /** Voxels by segment number. */
  voxels: z.record(z.string(), z.int()),
  undoLabel: z.string().nullable(),
  redoLabel: z.string().nullable(),
  savedAt: z.string(),
});

export const segmentationDetail = editReceipt.extend({
  id: z.string(),
  seriesId: z.string(),
  name: z.string(),
  state: segmentationState,
  origin: z.enum(['manual', 'model', 'preset']),
  provenance: provenance.nullable(),
  /** Bytes per voxel of each layer's labelmap; the voxels come from /blob. */
  layers: z.array(z.object({ index: z.int(), bytesPerVoxel: z.union([z.literal(1), z.literal(2)]) })),
  geometry,
});

export const seriesSummary = z.object({
  id: z.string(),
  seriesInstanceUid: z.string(),
  modality: z.string(),
  number: z.int().nullable(),
  description: z.string(),
  bodyPart: z.string(),
  instances: z.int(),
  bytes: z.int(),
  size: vector3,
  spacingMm: vector3,
  originLps: vector3,
  direction: z.tuple([vector3, vector3, vector3]),
  warnings: z.array(warning),
  hasThumbnail: z.boolean(),
  segmentations: z.array(segmentationSummary),
});

export const studySummary = z.object({
  id: z.string(),
  studyInstanceUid: z.string(),
  patientName: z.string(),
  patientId: z.string(),
  patientBirthDate: z.string(),
  patientSex: z.string(),
  /** YYYY-MM-DD, or empty. */
  studyDate: z.string(),
  description: z.string(),
  accessionNumber: z.string(),
  importedAt: z.string(),
  isDemonstration: z.boolean(),
  series: z.array(seriesSummary),
});

/** A series as the viewer opens it. */
export const seriesDetail = z.object({
  series: seriesSummary,
  study: studySummary.omit({ series: true }),
  volume: z.object({
    /** Cache key of /blob/volumes/{id}. */
    id: z.string(),
    scalarType: z.enum(['uint8', 'int8', 'uint16', 'int16', 'int32', 'float32']),
    geometry,
    /** "HU" for CT, else "". */
    unit: z.string(),
    /** Window that the file or, failing it, the histogram proposes. */
    window: z.object({ center: z.number(), width: z.number() }),
    range: z.object({ min: z.number(), max: z.number() }),
  }),
  measurements: z.array(z.lazy(() => measurement)),
});

export const measurement = z.object({
  id: z.string(),
  seriesId: z.string(),
  kind: z.enum(['length', 'angle', 'ellipse', 'rectangle', 'point']),
  /** length: 2 ends; angle: end, vertex, end; ellipse and rectangle: 2 opposite corners; point: 1. */
  pointsLps: z.array(vector3),
  /** Unit normal of the plane it was drawn in. */
  normalLps: vector3,
  label: z.string(),
  color: z.string(),
  /** What was read off when it was drawn: lengthMm, angleDegrees, meanHu, … */
  values: z.record(z.string(), z.number()),
  createdAt: z.string(),
});

export const jobKind = z.enum(['import', 'inference', 'explanation', 'export', 'demo', 'model']);
/**
 * What a network sees of a series on a coarser grid, before its full run is done: labels on the series with fewer voxels, along its own
 * axes, the centre in place (core/inference/coarseLabels.ts).
 */
export const coarseLook = z.object({
  seriesId: z.string(),
  size: z.tuple([z.int(), z.int(), z.int()]),
  spacingMm: vector3,
  bytesPerVoxel: z.union([z.literal(1), z.literal(2)]),
  segments: z.array(segment),
  /** Mean Dice of this network's earlier coarse looks with their full results on this machine; null: none yet. */
  agreement: z.number().nullable(),
});
export const job = z.object({
  id: z.string(),
  kind: jobKind,
  /** One line for a person, without a patient's name. */
  title: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  progress: z.object({ done: z.number(), total: z.number(), unit: z.string(), phase: z.string() }),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  error: errorData.nullable(),
  /** Of a running inference: shown, never kept; its voxels are at blobRoutes.coarseLook. */
  coarse: coarseLook.optional(),
  /** importResult, inferenceResult, saliencyResult, attentionResult, exportResult, demoResult, modelLook or importedModelResult, by kind. */
  result: z.unknown(),
});

export const importedFile = z.object({
  path: z.string(),
  status: z.enum(['imported', 'duplicate', 'ignored', 'failed']),
  reason: z.string().optional(),
});
export const importResult = z.object({
  imported: z.int(),
  duplicates: z.int(),
  ignored: z.int(),
  failed: z.int(),
  files: z.array(importedFile),
  /** Ids of the series that received something or were recognised. */
  series: z.array(z.string()),
});
export const runPriority = z.enum(['interactive', 'batch']);
export const inferenceResult = z.object({
  segmentationId: z.string(),
  model: z.object({ id: z.string(), version: z.string(), sha256: z.string() }),
  provider: z.string(),
  seconds: z.number(),
  warnings: z.array(warning),
});
/** What a run of a model on a series would take, before anything is loaded. */
export const runEstimate = z.object({
  modelId: z.string(),
  fits: z.enum(['yes', 'with-care', 'no']),
  /** Why it would be refused; null unless it does not fit. */
  refusal: errorData.nullable(),
  /** What has to be known before its result is used. */
  warnings: z.array(warning),
  windows: z.int(),
  /** How often each window is looked at: flipped too where that was asked for, or the model's manifest says so. */
  looks: z.int(),
  /** How often with all the mirror images that the network may be shown (1: none), and whether the manifest asks for them. */
  mirrored: z.object({ looks: z.int(), isUsual: z.boolean() }),
  bytes: z.number(),
  /** The network's own need was never measured and comes on top. */
  isLeastBytes: z.boolean(),
  /** null where it cannot be told (yet). */
  seconds: z.number().nullable(),
  /** runs: of this network on this machine; operations: counted, before its first run; unmeasured: ask again in a moment. */
  secondsFrom: z.enum(['runs', 'operations', 'unmeasured', 'unknown']),
});

/** What an explanation of a proposal would take, and what its network offers. */
export const explanationEstimate = z.object({
  mostRuns: z.int(),
  /** null where it cannot be told (yet). */
  seconds: z.number().nullable(),
  /** Edge of the smallest and of the largest patch that is hidden. */
  patchMm: z.number().nullable(),
  firstPatchMm: z.number().nullable(),
  /** Names of the network's attention maps. */
  attention: z.array(z.string()),
});
const explanation = z.object({
  segmentationId: z.string(),
  model: z.object({ id: z.string(), name: z.string(), version: z.string(), sha256: z.string() }),
  provider: z.string(),
  seconds: z.number(),
  warnings: z.array(warning),
});
/** The share of a segment's probability mass that is lost where a patch is hidden (core/inference/explain/saliencyMap.ts). */
export const saliencyResult = explanation.extend({
  segment: z.object({ number: z.int(), name: z.string() }),
  patchMm: z.number(),
  /** How many patches of which size were hidden, the largest first. */
  patches: z.array(z.object({ sizeMm: z.number(), count: z.int() })),
  /** Of the network, and into how many of its windows the segment falls. */
  runs: z.int(),
  windows: z.int(),
  /** Of the segment's class in the segment while nothing was hidden. */
  meanProbability: z.number(),
  map: z.object({
    size: vector3,
    cells: vector3,
    lost: z.array(z.number()),
    cellOf: z.tuple([z.array(z.int()), z.array(z.int()), z.array(z.int())]),
  }),
});
/** The map itself comes from /blob/explanations/{jobId}, two bytes a voxel of the segmentation's grid: 0 … 65535 for lowest … highest. */
export const attentionResult = explanation.extend({ map: z.string(), lowest: z.number(), highest: z.number() });

export const plane = z.enum(['axial', 'coronal', 'sagittal']);
/** What a person pointed at. Points and corners within half a voxel of one slice, unless the whole structure is wanted. */
export const prompt = z.object({
  points: z.array(z.object({ pointLps: vector3, inside: z.boolean() })).max(200),
  /** Two opposite corners of a rectangle in the slice, its sides along the slice's rows and columns. */
  boxLps: z.tuple([vector3, vector3]).nullable(),
  /** The plane that was pointed in; null: the plane that the series was acquired in, or that of the box. */
  plane: plane.nullable(),
});
export const promptSlices = z.enum(['one', 'all']);
/** A prompt's mask in its slice, pixel for pixel as core/rendering/extractSlice.ts cuts that slice of the series' volume. */
export const promptPreview = z.object({
  plane,
  /** Voxel index along the plane's through axis. */
  index: z.int(),
  width: z.int(),
  height: z.int(),
  /** Start and length in turn, row by row from the top left of the screen; a run does not pass the end of its row. */
  runs: z.array(z.int()),
  pixels: z.int(),
  areaMm2: z.number(),
  /** 0 to 1: how sure the program is of the outline; below 0.5 a person should look twice. */
  confidence: z.number(),
  warnings: z.array(warning),
  /** To be kept with the mask: goes back with the edit (core/prompt/keepEdit.ts). */
  origin: answerOrigin,
  /** Spent on looking at the slice (0 when that was done before) and on the answer. */
  embeddingMs: z.number(),
  promptMs: z.number(),
});
export const exportFormat = z.enum(['dicom-seg', 'nifti', 'nrrd', 'stl', 'pdf']);
export const exportResult = z.object({ file: z.string(), bytes: z.int(), notes: z.array(z.string()) });

/** stated: the intended use is the whole of it. */
export const modelUse = z.enum(['demonstration', 'research', 'stated']);
export const modelSummary = z.object({
  id: z.string(),
  /** A network runs on a whole series; the prompt model answers to clicks and boxes (procedures `prompts`). */
  kind: z.enum(['network', 'prompt']),
  name: z.string(),
  version: z.string(),
  sha256: z.string(),
  modality: z.string(),
  intendedUse: z.string(),
  licence: z.string(),
  demonstrationOnly: z.boolean(),
  use: modelUse,
  /** Brought in on this machine, and can be removed; the others come with the program. */
  isImported: z.boolean(),
  training: z.object({ population: z.string(), cases: z.int().nullable(), source: z.string() }),
  metrics: z.array(z.object({ name: z.string(), subject: z.string(), value: z.number(), on: z.string() })),
  classes: z.array(z.object({ value: z.int(), name: z.string(), color: z.string(), codes: segmentCodes })),
  /** Names of the series that it reads together, the first one is segmented; one name where it reads one. */
  channels: z.array(z.string()),
  /** Names of the attention maps that it offers. */
  attention: z.array(z.string()),
  /** Why it can't be run now; null when it can. */
  problem: errorData.nullable(),
  /** The model card, markdown. */
  card: z.string(),
});

/** What a person points at for an import, looked at and staged, nothing of it run. */
export const modelLook = z.object({
  lookId: z.string(),
  id: z.string(),
  name: z.string(),
  version: z.string(),
  licence: z.string(),
  intendedUse: z.string(),
  modality: z.string(),
  use: modelUse,
  population: z.string(),
  classes: z.array(z.string()),
  card: z.string(),
  sha256: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** Name of the trusted key; null where none of them signed it, and a person has to answer for it. */
  signedBy: z.string().nullable(),
  /** By a key that may be unknown here. */
  hasSignature: z.boolean(),
  /** Version of the imported model of this id that it would replace ("" where that cannot be read); null: none. */
  replaces: z.string().nullable(),
});
export const importedModelResult = z.object({ id: z.string(), name: z.string() });

export const providerName = z.enum(['cpu', 'cuda', 'directml', 'coreml', 'webgpu']);
export const providerStatus = z.object({
  name: providerName,
  inUse: z.boolean(),
  /** One sentence: why it is used, or why not. */
  reason: z.string(),
});

export const vaultStatus = z.object({
  state: z.enum(['absent', 'locked', 'unlocked']),
  name: z.string(),
  folder: z.string(),
  userName: z.string(),
  /** Bytes in objects/ and the database; 0 while locked. */
  bytes: z.int(),
  freeBytes: z.int(),
  cipher: z.string(),
});

export type Warning = z.infer<typeof warning>;
export type Provenance = z.infer<typeof provenance>;
export type PlaceOfDoubt = z.infer<typeof placeOfDoubt>;
export type SegmentationState = z.infer<typeof segmentationState>;
export type SegmentationSummary = z.infer<typeof segmentationSummary>;
export type SegmentationDetail = z.infer<typeof segmentationDetail>;
export type EditReceipt = z.infer<typeof editReceipt>;
export type HistoryStep = z.infer<typeof historyStep>;
export type SeriesSummary = z.infer<typeof seriesSummary>;
export type SeriesDetail = z.infer<typeof seriesDetail>;
export type StudySummary = z.infer<typeof studySummary>;
export type Measurement = z.infer<typeof measurement>;
export type CoarseLook = z.infer<typeof coarseLook>;
export type Job = z.infer<typeof job>;
export type JobKind = z.infer<typeof jobKind>;
export type ImportedFile = z.infer<typeof importedFile>;
export type ImportResult = z.infer<typeof importResult>;
export type InferenceResult = z.infer<typeof inferenceResult>;
export type RunEstimate = z.infer<typeof runEstimate>;
export type ExplanationEstimate = z.infer<typeof explanationEstimate>;
export type SaliencyResult = z.infer<typeof saliencyResult>;
export type AttentionResult = z.infer<typeof attentionResult>;
export type Prompt = z.infer<typeof prompt>;
export type PromptSlices = z.infer<typeof promptSlices>;
export type PromptPreview = z.infer<typeof promptPreview>;
export type ExportFormat = z.infer<typeof exportFormat>;
export type ExportResult = z.infer<typeof exportResult>;
export type ModelSummary = z.infer<typeof modelSummary>;
export type ModelLook = z.infer<typeof modelLook>;
export type ImportedModelResult = z.infer<typeof importedModelResult>;
export type ProviderStatus = z.infer<typeof providerStatus>;
export type VaultStatus = z.infer<typeof vaultStatus>;
export type ErrorData = z.infer<typeof errorData>;
