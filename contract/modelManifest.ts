/**
 * manifest.json of a model pack as a zod schema: every field is stated, nothing is guessed. Types: core/inference/modelManifest.ts.
 * A file's name is one plain name, so that a manifest can never point outside of its own folder.
 */
import { z } from 'zod';
import type { ModelManifest } from '../core/inference/modelManifest.ts';
import { MOST_REGIONS } from '../core/inference/sharedVoxels.ts';
import { segmentCodes } from './schemas/segmentation.ts';

const sizeVector = z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]);
const positiveVector = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);
const sentence = z.string().trim().min(1).max(2000);

const normalisation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('min-max') }),
  z.strictObject({ kind: z.literal('z-score'), over: z.enum(['volume', 'nonzero']) }),
  z
    .strictObject({
      kind: z.literal('percentile'),
      lowerPercent: z.number().min(0).max(100),
      upperPercent: z.number().min(0).max(100),
    })
    .refine((n) => n.lowerPercent < n.upperPercent, 'the lower percentile is not below the upper one'),
  z
    .strictObject({ kind: z.literal('window'), lower: z.number(), upper: z.number() })
    .refine((n) => n.lower < n.upper, 'the lower value is not below the upper one'),
  z
    .strictObject({
      kind: z.literal('fixed-z-score'),
      lower: z.number(),
      upper: z.number(),
      mean: z.number(),
      deviation: z.number().positive(),
    })
    .refine((n) => n.lower < n.upper, 'the lower value is not below the upper one'),
]);

const AXES = ['LR', 'PA', 'SI'];
const orientation = z
  .string()
  .regex(/^[LRPASI]{3}$/)
  .refine(
    (codes) => AXES.every((pair) => [...codes].filter((letter) => pair.includes(letter)).length === 1),
    'one of L/R, one of P/A and one of S/I is needed',
  );

const modelClass = z
  .strictObject({
    value: z.int().min(0).max(65_535),
    name: z.string().trim().min(1),
    color: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i)
      .optional(),
    codes: segmentCodes.optional(),
  })
  .refine((c) => c.value === 0 || (c.color && c.codes), 'a class with a value above 0 needs a colour and codes');

const classes = z
  .array(modelClass)
  .min(1)
  .max(1000)
  .refine((list) => list.some((c) => c.value > 0), 'no class with a value above 0')
  .refine((list) => {
    const values = list.map((c) => c.value).filter((v) => v > 0);
    return new Set(values).size === values.length;
  }, 'two classes have one value');

const file = z.strictObject({
  role: z.literal('network'),
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\.onnx$/, 'must be the plain name of an .onnx file beside the manifest'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i);

const input = z.strictObject({
  channels: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(100), normalisation: normalisation.optional() }))
    .min(1)
    .max(64),
  dimensions: z.union([z.literal(2), z.literal(3)]).optional(),
  neighbours: z.int().min(0).max(16).optional(),
  orientation,
  spacingMm: z.tuple([z.number().positive(), z.number().positive(), z.number().positive().nullable()]).nullable(),
  normalisation,
  grid: sizeVector.nullable(),
  multipleOf: z.int().min(1).max(512),
  padValue: z.number(),
});

const window = z.strictObject({
  size: sizeVector.nullable(),
  overlap: z.number().min(0).max(0.9),
  blending: z.enum(['constant', 'gaussian']),
  skipOutsideBody: z.boolean().optional(),
});

const tensorName = z.string().min(1).max(200);
const output = z
  .strictObject({
    kind: z.enum(['semantic', 'instances', 'prompt']),
    activation: z.enum(['none', 'softmax', 'sigmoid']),
    threshold: z.number().min(0.01).max(0.99),
    overlapping: z.boolean().optional(),
    mirrorAxes: z
      .array(z.enum(['i', 'j', 'k']))
      .max(3)
      .refine((axes) => new Set(axes).size === axes.length, 'an axis is named twice')
      .optional(),
    mirrorByDefault: z.boolean().optional(),
    instances: z
      .strictObject({
        tensors: z.strictObject({ boxes: tensorName, scores: tensorName, labels: tensorName, masks: tensorName }),
        leastScore: z.number().min(0).max(1),
        linkOverlap: z.number().min(0).max(1),
      })
      .optional(),
    attention: z
      .array(z.strictObject({ output: tensorName, name: z.string().trim().min(1).max(200) }))
      .min(1)
      .max(20)
      .refine((maps) => new Set(maps.map((m) => m.output)).size === maps.length, 'an output is named twice')
      .refine((maps) => new Set(maps.map((m) => m.name)).size === maps.length, 'two maps have one name')
      .optional(),
  })
  .refine((o) => !o.mirrorByDefault || (o.kind === 'semantic' && (o.mirrorAxes ?? []).length > 0), {
    path: ['mirrorByDefault'],
    message: 'needs mirrorAxes, and a network whose kind is “semantic”',
  })
  .refine((o) => o.kind === 'semantic' || o.attention === undefined, {
    path: ['attention'],
    message: 'is read of networks whose kind is “semantic” only',
  })
  .refine((o) => (o.kind === 'instances') === (o.instances !== undefined), {
    path: ['instances'],
    message: 'needed where the kind is “instances”, and only there',
  });

const sortedVector = positiveVector.refine(
  ([a, b, c]) => a <= b && b <= c,
  'the three extents are not sorted, the shortest first',
);

const training = z.strictObject({
  population: sentence,
  cases: z.int().min(0).nullable(),
  source: sentence,
  anatomy: z.enum(['head']).optional(),
  fieldOfViewMm: z
    .strictObject({ least: sortedVector, most: sortedVector })
    .refine(({ least, most }) => least.every((mm, n) => mm <= (most[n] ?? 0)), 'the least extent is above the most')
    .optional(),
  intensity: z
    .array(
      z
        .strictObject({ percent: z.number().min(0).max(100), least: z.number(), most: z.number() })
        .refine((range) => range.least <= range.most, 'the least value is above the most'),
    )
    .min(1)
    .max(20)
    .optional(),
});

const share = z.number().min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const variantOf = z.strictObject({
  modelId: id,
  version: z.string(),
  sha256,
  change: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('int8'),
      calibration: z.enum(['min-max', 'percentile', 'mse']),
      windows: z.int().min(1),
      layers: z.int().min(1),
    }),
    z.strictObject({ kind: z.literal('pruned'), keep: share, channelsRemoved: z.int().min(1) }),
  ]),
  meanDice: share,
  leastDice: share,
  speedup: z.number().positive(),
  processor: z.string().max(200),
});

const whole = z.strictObject({
  formatVersion: z.literal(1),
  id,
  name: z.string().trim().min(1).max(200),
  version: z.string().regex(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)?$/),
  licence: sentence,
  intendedUse: sentence,
  demonstrationOnly: z.boolean(),
  modality: z.enum(['CT', 'MR', 'PT', 'any']),
  input,
  window,
  output,
  classes,
  cascade: z
    .strictObject({
      modelId: id,
      classes: z.array(z.int().min(1).max(65_535)).min(1),
      marginMm: z.number().min(0).max(1000),
    })
    .optional(),
  variantOf: variantOf.optional(),
  files: z
    .array(file)
    .min(1)
    .max(20)
    .refine((files) => new Set(files.map((f) => f.name)).size === files.length, 'a file is named twice'),
  training,
  metrics: z.array(z.strictObject({ name: z.string(), subject: z.string(), value: z.number(), on: z.string() })),
  peakMemoryMb: z.number().positive().nullable(),
});

type Refused = readonly [path: (string | number)[], message: string];

/** Fields that are right each for itself and cannot be true together. */
function contradictions({
  id: own,
  modality,
  input: i,
  window: w,
  output: o,
  classes: c,
  cascade,
}: ModelManifest): Refused[] {
  const isFlat = i.dimensions === 2;
  const found: (Refused | false)[] = [
    !isFlat &&
      (i.neighbours ?? 0) > 0 && [['input', 'neighbours'], 'only a network of two dimensions reads slices as channels'],
    !isFlat &&
      i.spacingMm?.[2] === null && [['input', 'spacingMm', 2], 'a network of three dimensions needs all three'],
    isFlat && i.grid !== null && i.grid[2] !== 1 && [['input', 'grid', 2], 'is 1 for a network of two dimensions'],
    isFlat && w.size !== null && w.size[2] !== 1 && [['window', 'size', 2], 'is 1 for a network of two dimensions'],
    w.size?.some((n, a) => n > (i.grid?.[a] ?? n)) === true && [['window', 'size'], 'is larger than the grid'],
    o.kind === 'instances' && !isFlat && [['input', 'dimensions'], 'instances are read slice by slice: must be 2'],
    o.kind === 'instances' && w.size !== null && [['window', 'size'], 'instances need whole slices: must be null'],
    o.kind === 'instances' &&
      o.activation === 'softmax' && [['output', 'activation'], 'a mask of one instance has no softmax'],
    ...(o.overlapping ? overlapContradictions(o, c) : []),
    w.skipOutsideBody === true &&
      modality !== 'CT' &&
      modality !== 'MR' && [['window', 'skipOutsideBody'], 'air is known apart in CT and MR alone'],
    cascade?.modelId === own && [['cascade', 'modelId'], 'a model cannot run before itself'],
  ];
  return found.filter((f) => f !== false);
}

function overlapContradictions({ kind, activation }: ModelManifest['output'], c: ModelManifest['classes']): Refused[] {
  const reasons = [
    kind !== 'semantic' && 'only classes of a network whose kind is “semantic” are regions',
    activation === 'softmax' && 'classes of a softmax exclude one another',
    c.some(({ value }) => value === 0) && 'the background is no region',
    c.length > MOST_REGIONS && `at most ${MOST_REGIONS} regions may share voxels`,
  ];
  return reasons.filter((why) => why !== false).map((why) => [['output', 'overlapping'], why]);
}

export const modelManifest: z.ZodType<ModelManifest> = whole.superRefine((manifest, context) => {
  for (const [path, message] of contradictions(manifest))
    context.addIssue({ code: 'custom', path: [...path], message });
});
