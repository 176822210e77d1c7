/**
 * The export process: makes one file out of one order and ends. It has no key and no vault, reads the program and nothing else.
 * The order comes on standard input, answers go out on descriptor 3. Next: writeExport.ts.
 */
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { LanternError } from '#core/errors/lanternError.ts';
import { type Message, readMessages, writeMessage } from '../import/frames.ts';
import { decodeOrder, type ExportAnswer } from './exportMessages.ts';
import { writeExport } from './writeExport.ts';

/** Written at once: while a file is computed nothing waits for its turn, and progress must be seen then. */
const answers = new Writable({
  write(chunk: Uint8Array, _encoding, done) {
    for (let at = 0; at < chunk.length; ) at += writeSync(3, chunk, at);
    done();
  },
});
const answer = (header: ExportAnswer, ...body: Uint8Array[]) => writeMessage(answers, header, body);

readMessages(process.stdin, Number.MAX_SAFE_INTEGER, (message) => void make(message));

async function make({ header, body }: Message): Promise<void> {
  try {
    const order = decodeOrder(header, body);
    const bytes = await writeExport(order, (...progress) => answer({ kind: 'progress', progress }));
    answer({ kind: 'done', notes: order.source.notes }, bytes);
  } catch (error) {
    // Voxels and triangles lie outside of the heap: without room for them the process ends like one without heap.
    if (error instanceof RangeError && /allocation failed/.test(error.message)) process.exit(1);
    if (error instanceof LanternError) answer({ kind: 'failed', error: error.toJSON() });
    else answer({ kind: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  process.exit(0);
}
