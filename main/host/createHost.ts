/**
 * Builds the host and its one handler, `(Request) => Promise<Response>`. Electron's protocol, the loopback server, the command
 * line and the tests all call that handler. Next: router.ts (/rpc), blobs.ts (/blob), staticFiles.ts (/).
 */
import { RPCHandler } from '@orpc/server/fetch';
import { REQUEST_HEADER } from '#contract/blobRoutes.ts';
import { quietStatus } from '#contract/quietStatus.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { InferenceService } from '../inference/inferenceService.ts';
import { asLanternError, Jobs } from '../jobs/jobs.ts';
import { ModelImports } from '../models/ModelImports.ts';
import type { PromptService } from '../prompt/promptService.ts';
import { errorAnswer, notFound, withCommonHeaders } from './answers.ts';
import { answerBlob } from './blobs.ts';
import { ExportResults } from './exportResults.ts';
import { FaultLog } from './faultLog.ts';
import { importedModelsFolder, machineStateFolder } from './places.ts';
import { router } from './router.ts';
import { rpcError } from './rpcError.ts';
import type { HostServices } from './services.ts';
import { Uploads } from './uploads.ts';
import { VaultSession } from './vaultSession.ts';

export interface HostOptions {
  readonly vaultFolder: string;
  /** Folders of model packs, searched in this order. */
  readonly modelFolders: readonly string[];
  /** Where models are imported to; one of `modelFolders` too. Default: the platform's. */
  readonly importedModelsFolder?: string;
  /** From how many expected seconds on a run gets a coarse look first. Default: the service's own. */
  readonly coarseFromSeconds?: number;
  /** The built page; without it only /rpc and /blob answer. */
  readonly rendererFolder?: string;
}

export interface Host {
  handler(request: Request): Promise<Response>;
  readonly jobs: Jobs;
  /** Ends jobs, closes the vault, the key is gone. The host goes on answering: locked. */
  lock(): Promise<void>;
  /** Lock, and end of the processes that the host started. */
  close(): Promise<void>;
}

/** How long the lock waits for a job that does not react to its cancellation. */
const LONGEST_WAIT_FOR_JOBS_MS = 5000;

export async function createHost(options: HostOptions): Promise<Host> {
  const services = buildServices(options);
  // Beside everything else: what a killed import left may be large.
  void services.modelImports.collectLeftovers();
  const rpc = new RPCHandler(router, {
    interceptors: [
      async ({ next, request }) => {
        try {
          return await next();
        } catch (error) {
          throw await rpcError(error, services.faults, request.url.pathname);
        }
      },
    ],
  });

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading && !request.headers.has(REQUEST_HEADER)) return foreignRequest();
    if (url.pathname.startsWith('/rpc/')) {
      const result = await rpc.handle(request, { prefix: '/rpc', context: services });
      return result.matched ? result.response : notFound();
    }
    if (url.pathname.startsWith('/blob/')) return answerBlob(request, url, services);
    if (!isReading || !options.rendererFolder) return notFound();
    const { answerStaticFile } = await import('./staticFiles.ts');
    return answerStaticFile(url, options.rendererFolder);
  }

  return {
    jobs: services.jobs,
    async handler(request) {
      try {
        return quietStatus(request, withCommonHeaders(await answer(request)));
      } catch (error) {
        await services.faults.record(error, 'handler');
        return quietStatus(request, withCommonHeaders(errorAnswer(asLanternError(error), 500)));
      }
    },
    async lock() {
      await services.session.lock();
    },
    async close() {
      await services.session.lock();
      await services.closeInference();
    },
  };
}

function buildServices(options: HostOptions): HostServices & { closeInference(): Promise<void> } {
  const jobs = new Jobs();
  const uploads = new Uploads();
  const exportResults = new ExportResults();
  const coarseLabels = new Map<string, Uint8Array>();
  const modelsFolder = options.importedModelsFolder ?? importedModelsFolder();
  const modelImports = new ModelImports({
    modelsFolder,
    shippedFolders: options.modelFolders.filter((folder) => folder !== modelsFolder),
  });
  let inference: Promise<InferenceService> | null = null;
  let prompts: Promise<PromptService> | null = null;
  const session = new VaultSession(options.vaultFolder, async () => {
    await Promise.race([jobs.cancelAll(), delay(LONGEST_WAIT_FOR_JOBS_MS)]);
    jobs.forgetFinished();
    exportResults.clear();
    coarseLabels.clear();
    await uploads.clear();
    await modelImports.clear();
    // It holds slices of patients, and what the network saw in them.
    await (await prompts)?.close();
  });
  return {
    session,
    jobs,
    uploads,
    coarseLabels,
    exportResults,
    modelImports,
    faults: new FaultLog(options.vaultFolder),
    inference: () => {
      inference ??= import('../inference/inferenceService.ts').then(
        ({ InferenceService }) =>
          new InferenceService({
            modelFolders: [...options.modelFolders],
            importedModelsFolder: modelsFolder,
            stateFolder: machineStateFolder(),
            ...(options.coarseFromSeconds !== undefined && { coarseFromSeconds: options.coarseFromSeconds }),
          }),
      );
      return inference;
    },
    prompts: () => {
      prompts ??= import('../prompt/promptService.ts').then(({ PromptService }) => new PromptService());
      return prompts;
    },
    modelFolders: options.modelFolders,
    async closeInference() {
      await (await prompts)?.close();
      await (await inference)?.close();
    },
  };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function foreignRequest(): Response {
  return errorAnswer(
    new LanternError(
      'shell/foreign-request',
      'This request did not come from Lantern.',
      'Use the window that Lantern opened.',
    ),
    403,
  );
}
