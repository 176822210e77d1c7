/**
 * The inference process, a real Node child: no key, no vault, nothing but a model file and voxels that it is sent.
 * `serve` runs networks, `probe NAME` tries one provider and ends, `speed` measures the processor and ends, `trials` compares
 * variants of networks. The same file is the worker that watches the memory.
 * Next: serveRuns.ts, tryProvider.ts.
 */
import { argv } from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { giveUpCompileCache } from '../processes/compileCache.ts';
import type { ProviderName } from './inferenceMessages.ts';

if (!isMainThread) (await import('./watchMemory.ts')).watchMemory();
else if (argv[2] === 'probe') await (await import('./tryProvider.ts')).tryProvider(argv[3] as ProviderName);
else if (argv[2] === 'speed') await (await import('./measureSpeed.ts')).measureSpeed();
else if (argv[2] === 'trials') {
  const { serveTrials } = await import('./serveTrials.ts');
  giveUpCompileCache();
  serveTrials();
} else {
  const { serveRuns } = await import('./serveRuns.ts');
  giveUpCompileCache();
  serveRuns();
}
