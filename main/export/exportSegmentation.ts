/**
 * One segmentation out of the vault, in the format that is asked for. Audited; a proposal is refused. The caller writes the bytes
 * (writeFileAtomically.ts) or hands them to a person. Next: exportSource.ts (what is read), ExportProcess.ts (where it is made).
 */
import type { ExportFormat } from '#contract/schemas/exportResult.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { runExportProcess } from './ExportProcess.ts';
import { type ExportDeps, type ExportRequest, type ExportSource, readExportOrder } from './exportSource.ts';

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
 * @throws export/proposal-not-accepted, export/empty, export/overlap, export/process-ended, segmentation/unknown,
 * segmentation/unknown-segment
 */
export async function exportSegmentation(
  deps: ExportDeps,
  request: ExportRequest,
  context: JobContext,
): Promise<ExportedFile> {
  const { format, segmentationId } = request;
  context.progress(0, 1, 'steps', 'Reading the segmentation');
  const order = await readExportOrder(deps, request);
  const { source } = order;
  const { bytes, notes } = await runExportProcess(order, context);
  const detail = { format, bytes: bytes.byteLength, segments: source.segments.map((s) => s.number) };
  deps.vault.transact({ action: 'export.write', subject: segmentationId, detail }, () => undefined);
  return { bytes, suggestedName: `${fileName(source)}${ENDINGS[format]}`, notes: [...notes] };
}

function fileName({ detail, segments }: ExportSource): string {
  const name =
    segments.length === 1 && detail.segments.length > 1 ? `${detail.name} ${segments[0]?.name}` : detail.name;
  const safe = name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  return (safe || 'segmentation').slice(0, 60).toLowerCase();
}
