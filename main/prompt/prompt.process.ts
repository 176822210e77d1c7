/**
 * The prompt process, a real Node child: no key, no vault, nothing but the two networks and slices that it is sent. The same file is
 * the worker that watches the memory. Arguments: serve, the ceiling of memory in bytes, the folder of the networks. Next: servePrompts.ts.
 */
import { isMainThread } from 'node:worker_threads';
import { giveUpCompileCache } from '../processes/compileCache.ts';

if (!isMainThread) (await import('../inference/watchMemory.ts')).watchMemory();
else {
  const { servePrompts } = await import('./servePrompts.ts');
  giveUpCompileCache();
  servePrompts();
}
