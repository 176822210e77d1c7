/**
 * The import of a model as the dialog goes through it: choose, look, a person's word, dry run. Electron names a path; in the loopback
 * shell the page sends the files. Closing the dialog cancels what is under way. Next: ImportModelDialog.tsx.
 */
import { create } from 'zustand';
import { blobRoutes } from '#contract/blobRoutes.ts';
import { importedModelResult, type ModelLook, modelLook } from '#contract/schemas/model.ts';
import { LanternError, type LanternErrorData } from '#core/errors/lanternError.ts';
import { chooseFiles } from '../app/chooseFiles.ts';
import { blobs, rpc } from '../app/client.ts';
import { errorOf, isAbort } from '../app/errorOf.ts';
import { jobFinished, useJobs } from '../app/jobsStore.ts';
import { platform } from '../app/platform.ts';
import { type FileToUpload, uploadFiles } from '../app/uploadFiles.ts';
import { words } from '../words/index.ts';
import { tellModelsChanged } from './modelsChanged.ts';

/** What a person pointed at. */
type Source = { readonly path: string } | { readonly files: readonly FileToUpload[] };

interface ModelImport {
  readonly isOpen: boolean;
  readonly step: 'choose' | 'looking' | 'look' | 'importing' | 'done';
  readonly error: LanternErrorData | null;
  readonly source: Source | null;
  readonly look: ModelLook | null;
  readonly importedName: string;
  /** The host's job of this moment. */
  readonly jobId: string | null;
  /** What the dialog goes back to. */
  readonly onClosed: (() => void) | null;
}

const closed: ModelImport = {
  isOpen: false,
  step: 'choose',
  error: null,
  source: null,
  look: null,
  importedName: '',
  jobId: null,
  onClosed: null,
};

export const useModelImport = create<ModelImport>()(() => closed);

/** More than any model has, and what the host would refuse. */
const MOST_FILES = 2000;

/** A run of the dialog that was closed tells nothing any more. */
let round = 0;

export function openModelImport(onClosed: (() => void) | null = null): void {
  round++;
  useModelImport.setState({ ...closed, isOpen: true, onClosed });
}

export function closeModelImport(): void {
  const { jobId, look, step, onClosed } = useModelImport.getState();
  round++;
  useModelImport.setState(closed);
  if (jobId !== null)
    void useJobs
      .getState()
      .cancel(jobId)
      .catch(() => undefined);
  // Should this fail, the host drops it when the vault is locked.
  if (look && step !== 'done') void rpc.models.discardLook({ lookId: look.lookId }).catch(() => undefined);
  onClosed?.();
}

export async function chooseModel(kind: 'folder' | 'zip'): Promise<void> {
  await told(async () => {
    const path = await platform.chooseModelPath(kind);
    if (path === undefined) return;
    if (path !== null) return lookAt({ path }, null);
    const files = await chooseFiles(kind);
    if (files.length === 0) return;
    if (files.length > MOST_FILES) throw said(words.models.import.tooMany);
    return lookAt({ files: files.map((file) => ({ file, path: file.webkitRelativePath || file.name })) }, null);
  });
}

/** @param orientation three letters, where the export does not say how its images lie */
export async function lookAgain(orientation: string): Promise<void> {
  const { source } = useModelImport.getState();
  if (source) await told(() => lookAt(source, orientation));
}

export async function importLooked(trust: boolean): Promise<void> {
  const { look } = useModelImport.getState();
  if (!look) return;
  const mine = round;
  useModelImport.setState({ step: 'importing', error: null });
  await told(async () => {
    const { jobId } = await rpc.models.import({ lookId: look.lookId, trust });
    const { id, name } = importedModelResult.parse(await resultOf(jobId, mine));
    if (mine !== round) return;
    useModelImport.setState({ step: 'done', importedName: name || id, jobId: null });
    tellModelsChanged();
  }, 'look');
}

async function lookAt(source: Source, orientation: string | null): Promise<void> {
  const mine = round;
  useModelImport.setState({ step: 'looking', error: null, source, jobId: null });
  const { uploading, files } = words.models.import;
  const place =
    'path' in source
      ? source
      : { uploadId: await uploadFiles(source.files, 'model', { title: uploading, unit: files }) };
  if (mine !== round) {
    if ('uploadId' in place) await blobs.remove(blobRoutes.upload(place.uploadId)).catch(() => undefined);
    return;
  }
  const { jobId } = await rpc.models.look({ ...place, ...(orientation && { orientation }) });
  const look = modelLook.parse(await resultOf(jobId, mine));
  if (mine === round) useModelImport.setState({ step: 'look', look, jobId: null });
  else await rpc.models.discardLook({ lookId: look.lookId });
}

/** @throws the job's failure */
async function resultOf(jobId: string, mine: number): Promise<unknown> {
  if (mine === round) useModelImport.setState({ jobId });
  const job = await jobFinished(jobId);
  if (job.state === 'done') return job.result;
  const { code, message, hint } = job.error ?? words.models.import.ended;
  throw new LanternError(code as LanternError['code'], message, hint);
}

/** @param back the step that a failure goes back to */
async function told(work: () => Promise<void>, back: 'choose' | 'look' = 'choose'): Promise<void> {
  const mine = round;
  try {
    await work();
  } catch (error) {
    if (mine !== round || isAbort(error)) return;
    useModelImport.setState({ step: back, error: errorOf(error).toJSON(), jobId: null });
  }
}

function said({ code, message, hint }: { code: 'model/no-source'; message: string; hint: string }): LanternError {
  return new LanternError(code, message, hint);
}
