/**
 * manifest.json of a model pack as a zod schema: every field is stated, nothing is guessed. Types: core/inference/modelManifest.ts.
 * A file's name is one plain name, so that a manifest can never point outside of its own folder.
 */
import { z } from 'zod';
import type { ModelManifest } from '../core/inference/modelManifest.ts';
import { segmentCodes } from './schemas.ts';

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

export const modelManifest: z.ZodType<ModelManifest> = z.strictObject({
  formatVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i),
  name: z.string().trim().min(1).max(200),
  version: z.string().regex(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)?$/),
  licence: sentence,
  intendedUse: sentence,
  demonstrationOnly: z.boolean(),
  modality: z.enum(['CT', 'MR', 'PT', 'any']),
  input: z.strictObject({
    channels: z
      .array(z.strictObject({ name: z.string() }))
      .length(1, 'this version runs networks with one input channel'),
    orientation,
    spacingMm: positiveVector.nullable(),
    normalisation,
    grid: sizeVector.nullable(),
    multipleOf: z.int().min(1).max(512),
    padValue: z.number(),
  }),
  window: z.strictObject({
    size: sizeVector.nullable(),
    overlap: z.number().min(0).max(0.9),
    blending: z.enum(['constant', 'gaussian']),
  }),
  output: z.strictObject({
    kind: z.enum(['semantic', 'instances', 'prompt']),
    activation: z.enum(['none', 'softmax', 'sigmoid']),
    threshold: z.number().min(0.01).max(0.99),
    mirrorAxes: z
      .array(z.enum(['i', 'j', 'k']))
      .max(3)
      .refine((axes) => new Set(axes).size === axes.length, 'an axis is named twice')
      .optional(),
  }),
  classes,
  files: z
    .array(file)
    .min(1)
    .max(20)
    .refine((files) => new Set(files.map((f) => f.name)).size === files.length, 'a file is named twice'),
  training: z.strictObject({ population: sentence, cases: z.int().min(0).nullable(), source: sentence }),
  metrics: z.array(z.strictObject({ name: z.string(), subject: z.string(), value: z.number(), on: z.string() })),
  peakMemoryMb: z.number().positive().nullable(),
});
