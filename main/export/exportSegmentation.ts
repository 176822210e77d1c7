/**
 * One segmentation out of the vault, in the format that is asked for. Audited; a proposal is refused. The caller writes the bytes
 * (writeFileAtomically.ts) or hands them to a person. Next: dicomSeg.ts, maskFiles.ts, stlSurface.ts, report/reportPdf.ts.
 */
import type { ExportFormat } from '#contract/schemas.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { type ExportDeps, type ExportSource, readExportSource } from './exportSource.ts';

export interface ExportRequest {
  readonly segmentationId: string;
  readonly format: ExportFormat;
  /** Only this segment; all of them without it. */
  readonly segment?: number;
}

export interface ExportedFile {
  readonly bytes: Uint8Array;
  /** Without a patient's name; safe on every file system. */
  readonly suggestedName: string;
  readonly notes: string[];
}

const ENDINGS: Readonly<Record<ExportFormat, string>> = {
  'dicom-seg': '.dcm',
  nifti: '.nii.gz',
  nrrd: '.nrrd',
  stl: '.stl',
  pdf: '.pdf',
};

/**
 * @throws export/proposal-not-accepted, export/empty, export/overlap, segmentation/unknown, segmentation/unknown-segment
 */
export async function exportSegmentation(
  deps: ExportDeps,
  request: ExportRequest,
  context: JobContext,
): Promise<ExportedFile> {
  const { format, segmentationId } = request;
  context.progress(0, 1, 'steps', 'Reading the segmentation');
  const source = await readExportSource(deps, segmentationId, request.segment);
  context.signal.throwIfAborted();
  const bytes = await written(format, source, context);
  context.signal.throwIfAborted();
  const detail = { format, bytes: bytes.byteLength, segments: source.segments.map((s) => s.number) };
  deps.vault.transact({ action: 'export.write', subject: segmentationId, detail }, () => undefined);
  return { bytes, suggestedName: `${fileName(source)}${ENDINGS[format]}`, notes: source.notes };
}

/** Each format's program is loaded when it is asked for: the command line starts no PDF engine to write a mask. */
async function written(format: ExportFormat, source: ExportSource, context: JobContext): Promise<Uint8Array> {
  switch (format) {
    case 'dicom-seg':
      return (await import('./dicomSeg.ts')).dicomSeg(source, context);
    case 'nifti':
      context.progress(0, 1, 'files', 'Writing the mask');
      return (await import('./maskFiles.ts')).niftiMask(source);
    case 'nrrd':
      context.progress(0, 1, 'files', 'Writing the mask');
      return (await import('./maskFiles.ts')).nrrdMask(source);
    case 'stl':
      return (await import('./stlSurface.ts')).stlSurface(source, context);
    case 'pdf':
      return (await import('./report/reportPdf.ts')).reportPdf(source, context);
  }
}

function fileName({ detail, segments }: ExportSource): string {
  const name =
    segments.length === 1 && detail.segments.length > 1 ? `${detail.name} ${segments[0]?.name}` : detail.name;
  const safe = name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  return (safe || 'segmentation').slice(0, 60).toLowerCase();
}
