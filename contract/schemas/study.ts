/** Studies and series, as the worklist and the viewer show them. Times in UTC, ISO 8601. */
import { z } from 'zod';
import { geometry, vector3 } from './geometry.ts';
import { measurement } from './measurement.ts';
import { warning } from './messages.ts';
import { segmentationSummary } from './segmentation.ts';

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
export type SeriesSummary = z.infer<typeof seriesSummary>;

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
export type StudySummary = z.infer<typeof studySummary>;

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
  measurements: z.array(measurement),
});
export type SeriesDetail = z.infer<typeof seriesDetail>;
