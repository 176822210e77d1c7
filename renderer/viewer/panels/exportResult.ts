/** Exports a segmentation as a job and hands the file over: to a place chosen in the native dialog, or as a download. */
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { ExportFormat, ExportResult } from '#contract/schemas/exportResult.ts';
import { exportResult as exportResultSchema } from '#contract/schemas/exportResult.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { blobs, rpc } from '../../app/client.ts';
import { downloadBytes } from '../../app/downloadBytes.ts';
import { jobFinished } from '../../app/jobsStore.ts';
import { platform } from '../../app/platform.ts';

export const EXTENSIONS: Readonly<Record<ExportFormat, string>> = {
  'dicom-seg': 'dcm',
  nifti: 'nii.gz',
  nrrd: 'nrrd',
  stl: 'stl',
  pdf: 'pdf',
};

/**
 * @param name of the file that is suggested, without a patient's
 * @returns what was written; null when the person cancelled
 * @throws whatever the host answers: export/proposed, disk/full, …
 */
export async function exportSegmentation(
  order: { readonly segmentationId: string; readonly format: ExportFormat; readonly segment?: number },
  name: string,
): Promise<ExportResult | null> {
  const { format } = order;
  // No patient's name in a file's name: it may lie on a stick or in a mail.
  const suggested = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60) || 'segmentation'}.${EXTENSIONS[format]}`;
  const file = await platform.chooseSavePath(suggested);
  if (file === undefined) return null;
  const { jobId } = await rpc.exports.start({ ...order, ...(file === null ? {} : { file }) });
  const job = await jobFinished(jobId);
  if (job.state === 'cancelled') return null;
  if (job.error !== null)
    throw new LanternError(job.error.code as LanternError['code'], job.error.message, job.error.hint);
  const result = exportResultSchema.parse(job.result);
  if (file === null) downloadBytes(await blobs.getBytes(blobRoutes.exportResult(jobId)), result.file || suggested);
  return result;
}
