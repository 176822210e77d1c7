/**
 * The reading process: parses foreign bytes, has no key and opens no file. Requests come on standard input, answers go
 * out on descriptor 3; one at a time, in order. Ends when its input ends. Next: readFile.ts.
 */

import { giveBackMemory } from '#core/memory/giveBackMemory.ts';
import { giveUpCompileCache } from '../processes/compileCache.ts';
import { BlockingFrames } from './blockingFrames.ts';
import { readFile } from './readFile.ts';

/** A request holds one file; the host refuses larger ones before. */
const LIMIT = 2 ** 31 - 1;

interface Request {
  readonly ending: string;
  /** Bytes of the body that belong to the file itself; what follows is its raw companion. */
  readonly fileBytes: number;
}

giveUpCompileCache();
const frames = new BlockingFrames(0, 3, LIMIT);
for (let message = frames.read(); message; message = frames.read()) {
  const { ending, fileBytes } = message.header as Request;
  const { body } = message;
  const raw = body.length > fileBytes ? body.subarray(fileBytes) : undefined;
  const { result, blocks } = await readFile(body.subarray(0, fileBytes), ending, raw);
  frames.write(result, blocks);
  for (const block of blocks) giveBackMemory(block);
}
