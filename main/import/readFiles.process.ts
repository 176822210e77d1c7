/**
 * The reading process: parses foreign bytes, has no key and opens no file. Requests come on standard input, answers go
 * out on descriptor 3; one at a time, in order. Ends when its input ends. Next: readFile.ts.
 */
import { createWriteStream } from 'node:fs';
import { type Message, readMessages, writeMessage } from './frames.ts';
import { readFile } from './readFile.ts';

/** A request holds one file; the host refuses larger ones before. */
const LIMIT = 2 ** 31 - 1;

interface Request {
  readonly ending: string;
  /** Bytes of the body that belong to the file itself; what follows is its raw companion. */
  readonly fileBytes: number;
}

const answers = createWriteStream('', { fd: 3, highWaterMark: 1 << 22 });
let turn: Promise<void> = Promise.resolve();
readMessages(process.stdin, LIMIT, (message) => {
  turn = turn.then(() => answer(message));
});
process.stdin.on('end', () => {
  void turn.then(() => process.exit(0));
});

async function answer({ header, body }: Message): Promise<void> {
  const { ending, fileBytes } = header as Request;
  const raw = body.length > fileBytes ? body.subarray(fileBytes) : undefined;
  const { result, blocks } = await readFile(body.subarray(0, fileBytes), ending, raw);
  if (!writeMessage(answers, result, blocks)) await new Promise<void>((resolve) => answers.once('drain', resolve));
}
