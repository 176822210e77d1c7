/** What leaves the program. */
import { z } from 'zod';

export const exportFormat = z.enum(['dicom-seg', 'nifti', 'nrrd', 'stl', 'pdf']);
export type ExportFormat = z.infer<typeof exportFormat>;

export const exportResult = z.object({ file: z.string(), bytes: z.int(), notes: z.array(z.string()) });
export type ExportResult = z.infer<typeof exportResult>;
