/**
 * The contract's procedures. Each is a line or two: find the unlocked vault, call the service that does it. What takes long is
 * a job (importJob.ts, inferenceJob.ts, explanationJob.ts, exportJob.ts, demoJob.ts). Failures become typed in rpcError.ts.
 */
import { implement } from '@orpc/server';
import { api } from '#contract/api.ts';
import { volumeGeometryOf } from '#contract/volumeGeometryOf.ts';
import { measurements } from '../measurements/measurementStore.ts';
import { placesOfDoubt } from '../segmentations/doubtStore.ts';
import { settings } from '../settings/settingStore.ts';
import { startDemoJob } from './demoJob.ts';
import { estimateExplanation, startAttentionJob, startSaliencyJob } from './explanationJob.ts';
import { startExportJob } from './exportJob.ts';
import { startImportJob } from './importJob.ts';
import { estimateInference, startInferenceJob } from './inferenceJob.ts';
import { jobEvents } from './jobEvents.ts';
import { listStudiesOf, seriesDetailOf } from './library.ts';
import { removeModel, startModelImport, startModelLook } from './modelJobs.ts';
import type { HostServices } from './services.ts';

const os = implement(api).$context<HostServices>();
const OK = { ok: true } as const;

export const router = os.router({
  vault: {
    status: os.vault.status.handler(({ context }) => context.session.status()),
    create: os.vault.create.handler(async ({ input, context }) => ({
      recoveryCode: await context.session.create(input),
    })),
    unlock: os.vault.unlock.handler(({ input, context }) => context.session.unlock(input.passphrase)),
    recover: os.vault.recover.handler(({ input, context }) =>
      context.session.recover(input.recoveryCode, input.newPassphrase),
    ),
    lock: os.vault.lock.handler(({ context }) => context.session.lock()),
  },
  studies: {
    list: os.studies.list.handler(async ({ context }) => ({ studies: await listStudiesOf(context.session.require()) })),
    remove: os.studies.remove.handler(async ({ input, context }) => {
      const { vault } = context.session.require();
      const { removeStudy } = await import('../studies/studyStore.ts');
      await removeStudy(vault, input.id);
      return OK;
    }),
  },
  series: {
    get: os.series.get.handler(({ input, context }) => seriesDetailOf(context.session.require(), input.id)),
    restoreVolume: os.series.restoreVolume.handler(async ({ input, context }) => {
      const { loadVolume } = await import('../studies/loadVolume.ts');
      await loadVolume(context.session.require().vault, input.id);
      return OK;
    }),
  },
  imports: {
    start: os.imports.start.handler(({ input, context }) => startImportJob(context, input)),
  },
  segmentations: {
    create: os.segmentations.create.handler(async ({ input, context }) => {
      const unlocked = context.session.require();
      const { volume } = await seriesDetailOf(unlocked, input.seriesId);
      return unlocked.segmentations.create({ ...input, geometry: volumeGeometryOf(volume.geometry) });
    }),
    get: os.segmentations.get.handler(({ input, context }) => context.session.require().segmentations.get(input.id)),
    rename: os.segmentations.rename.handler(async ({ input, context }) => {
      await context.session.require().segmentations.rename(input.id, input.name);
      return OK;
    }),
    history: os.segmentations.history.handler(async ({ input, context }) => ({
      steps: await context.session.require().segmentations.history(input.id),
    })),
    doubt: os.segmentations.doubt.handler(({ input, context }) => ({
      places: placesOfDoubt(context.session.require().vault, input.id),
    })),
    accept: os.segmentations.accept.handler(({ input, context }) => acceptSegmentation(context, input)),
    remove: os.segmentations.remove.handler(async ({ input, context }) => {
      await context.session.require().segmentations.remove(input.id, input);
      return OK;
    }),
  },
  measurements: {
    list: os.measurements.list.handler(({ input, context }) => ({
      measurements: measurements.list(context.session.require().vault, input.seriesId),
    })),
    put: os.measurements.put.handler(({ input, context }) => {
      measurements.put(context.session.require().vault, input);
      return OK;
    }),
    remove: os.measurements.remove.handler(({ input, context }) => {
      measurements.remove(context.session.require().vault, input.id);
      return OK;
    }),
  },
  models: {
    list: os.models.list.handler(async ({ context }) => {
      const inference = await context.inference();
      const { promptSummary } = await import('../prompt/promptSummary.ts');
      const [packs, prompt] = await Promise.all([inference.models(), promptSummary(context.modelFolders)]);
      return { models: [...packs, prompt] };
    }),
    providers: os.models.providers.handler(async ({ context }) => ({
      providers: await (await context.inference()).providers(),
    })),
    look: os.models.look.handler(({ input, context }) => startModelLook(context, input)),
    import: os.models.import.handler(({ input, context }) => startModelImport(context, input)),
    discardLook: os.models.discardLook.handler(async ({ input, context }) => {
      await context.modelImports.discard(input.lookId);
      return OK;
    }),
    remove: os.models.remove.handler(async ({ input, context }) => {
      await removeModel(context, input.id);
      return OK;
    }),
  },
  inference: {
    prepare: os.inference.prepare.handler(async ({ context }) => {
      context.session.require();
      (await context.inference()).warmUp();
      return OK;
    }),
    estimate: os.inference.estimate.handler(({ input, context }) => estimateInference(context, input)),
    run: os.inference.run.handler(({ input, context }) => startInferenceJob(context, input)),
  },
  explanations: {
    estimate: os.explanations.estimate.handler(({ input, context }) => estimateExplanation(context, input)),
    saliency: os.explanations.saliency.handler(({ input, context }) => startSaliencyJob(context, input)),
    attention: os.explanations.attention.handler(({ input, context }) => startAttentionJob(context, input)),
  },
  prompts: {
    prepare: os.prompts.prepare.handler(async ({ input, context }) => {
      const { preparePrompts } = await import('./promptJob.ts');
      await preparePrompts(context, input.seriesId);
      return OK;
    }),
    preview: os.prompts.preview.handler(async ({ input, context }) => {
      const { previewPrompt } = await import('./promptJob.ts');
      return previewPrompt(context, input);
    }),
    propose: os.prompts.propose.handler(async ({ input, context }) => {
      const { startPromptJob } = await import('./promptJob.ts');
      return startPromptJob(context, input);
    }),
  },
  exports: {
    start: os.exports.start.handler(({ input, context }) => startExportJob(context, input)),
  },
  demo: {
    install: os.demo.install.handler(({ context }) => startDemoJob(context)),
  },
  jobs: {
    list: os.jobs.list.handler(({ context }) => ({ jobs: context.jobs.list() })),
    watch: os.jobs.watch.handler(({ context, signal }) => jobEvents(context.jobs, signal)),
    cancel: os.jobs.cancel.handler(({ input, context }) => {
      context.jobs.cancel(input.id);
      return OK;
    }),
  },
  settings: {
    get: os.settings.get.handler(({ context }) => settings.all(context.session.require().vault)),
    put: os.settings.put.handler(({ input, context }) => {
      settings.put(context.session.require().vault, input.key, input.value);
      return OK;
    }),
  },
});

async function acceptSegmentation(
  services: HostServices,
  { id, segments }: { id: string; segments?: number[] | undefined },
) {
  const { segmentations } = services.session.require();
  await segmentations.accept(id, segments);
  return segmentations.get(id);
}
