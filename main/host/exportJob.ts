/** An export as a job: into a file on this machine, or kept until the page fetches it once. */
import type { ExportFormat, ExportResult } from '#contract/schemas/exportResult.ts';
import { type HostServices, startVaultJob } from './services.ts';

export interface ExportRequest {
  readonly segmentationId: string;
  readonly format: ExportFormat;
  readonly file?: string | undefined;
  readonly segment?: number | undefined;
}

const FORMAT_NAMES: Readonly<Record<ExportFormat, string>> = {
  'dicom-seg': 'DICOM SEG',
  nifti: 'NIfTI',
  nrrd: 'NRRD',
  stl: 'STL',
  pdf: 'PDF report',
};

export function startExportJob(services: HostServices, request: ExportRequest): { jobId: string } {
  const { segmentationId, format, file, segment } = request;
  return startVaultJob(services, 'export', `Export as ${FORMAT_NAMES[format]}`, async (unlocked, context, jobId) => {
    const { exportSegmentation } = await import('../export/exportSegmentation.ts');
    const { bytes, suggestedName, notes } = await exportSegmentation(
      unlocked,
      { segmentationId, format, ...(segment !== undefined && { segment }) },
      context,
    );
    context.signal.throwIfAborted();
    if (file === undefined) services.exportResults.keep(jobId(), { bytes, suggestedName });
    else {
      const { writeFileAtomically } = await import('../export/writeFileAtomically.ts');
      await writeFileAtomically(file, bytes);
    }
    return { file: file ?? suggestedName, bytes: bytes.byteLength, notes } satisfies ExportResult;
  });
}
