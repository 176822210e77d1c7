/** One file of a segmentation, in the format that is asked for. Runs in the export process. */
import type { JobContext } from '../jobs/jobs.ts';
import type { ExportOrder } from './exportSource.ts';

/**
 * Each format's program is loaded when it is asked for: no PDF engine is started to write a mask. Sentences go to the source's notes.
 * @throws export/overlap, dicom/damaged
 */
export async function writeExport(
  { format, source, volume, series }: ExportOrder,
  progress: JobContext['progress'],
): Promise<Uint8Array> {
  switch (format) {
    case 'dicom-seg':
      if (!series) throw new Error('a DICOM Segmentation without its series');
      return (await import('./dicomSeg.ts')).dicomSeg(source, series, progress);
    case 'nifti':
      progress(0, 1, 'files', 'Writing the mask');
      return (await import('./maskFiles.ts')).niftiMask(source);
    case 'nrrd':
      progress(0, 1, 'files', 'Writing the mask');
      return (await import('./maskFiles.ts')).nrrdMask(source);
    case 'stl':
      return (await import('./stlSurface.ts')).stlSurface(source, progress);
    case 'pdf':
      if (!volume) throw new Error('a report without its images');
      return (await import('./report/reportPdf.ts')).reportPdf(source, volume, progress);
  }
}
