import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { FileReaders } from './FileReaders.ts';
import { readFile } from './readFile.ts';
import { dicomElement, syntheticDicom } from './syntheticDicom.ts';

const folder = mkdtempSync(join(tmpdir(), 'lantern-readers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A reading process that obeys the first byte of a file: c crashes, h hangs, m eats memory, anything else is answered. */
function obedient(): string {
  const entry = join(folder, 'obedient.mjs');
  const frames = join(import.meta.dirname, 'frames.ts');
  writeFileSync(
    entry,
    `import { createWriteStream } from 'node:fs';
     import { readMessages, writeMessage } from ${JSON.stringify(frames)};
     const out = createWriteStream('', { fd: 3 });
     readMessages(process.stdin, 1e6, ({ body }) => {
       const order = String.fromCharCode(body[0]);
       if (order === 'c') process.abort();
       if (order === 'h') for (;;);
       if (order === 'm') for (let all = []; ; ) all.push(new Array(1e6).fill(all.length + 0.5));
       writeMessage(out, { kind: 'ignored', reason: order }, []);
     });`,
  );
  return entry;
}

test('a file that crashes, hangs or eats all memory fails alone; the ones before and after it are read', async () => {
  const readers = new FileReaders({
    processes: 1,
    secondsPerFile: 5,
    heapMegabytes: 64,
    entry: obedient(),
    readableFolder: join(import.meta.dirname, '..', '..'),
  });
  const reads = await Promise.all([...'acbhdme'].map((order) => readers.read(Buffer.from(order), '')));
  readers.close();
  expect(reads.map(({ result }) => result.kind)).toEqual([
    'ignored',
    'failed',
    'ignored',
    'failed',
    'ignored',
    'failed',
    'ignored',
  ]);
  expect(reads[3]?.result).toMatchObject({ reason: expect.stringContaining('longer than 5 seconds') });
});

test('the reading process has none of our environment and may not write', async () => {
  const entry = join(folder, 'environment.mjs');
  writeFileSync(
    entry,
    `import { createWriteStream } from 'node:fs';
     import { readMessages, writeMessage } from ${JSON.stringify(join(import.meta.dirname, 'frames.ts'))};
     const out = createWriteStream('', { fd: 3 });
     readMessages(process.stdin, 1e6, () => {
       writeMessage(out, { kind: 'ignored', reason: JSON.stringify([Object.keys(process.env), process.permission.has('fs.write')]) }, []);
     });`,
  );
  process.env['LANTERN_PASSPHRASE'] = 'secret';
  const readers = new FileReaders({ processes: 1, entry, readableFolder: join(import.meta.dirname, '..', '..') });
  const { result } = await readers.read(Buffer.from('x'), '');
  readers.close();
  delete process.env['LANTERN_PASSPHRASE'];
  const [names, mayWrite] = JSON.parse(result.kind === 'ignored' ? result.reason : '[]');
  expect(names).not.toContain('LANTERN_PASSPHRASE');
  expect(mayWrite).toBe(false);
});

test('a process from source may write its cache of compiled code, and nothing any more once it reads', async () => {
  const entry = join(folder, 'cached.process.ts');
  const own = (path: string) => JSON.stringify(join(import.meta.dirname, path));
  writeFileSync(
    entry,
    `import { writeFileSync } from 'node:fs';
     import { BlockingFrames } from ${own('blockingFrames.ts')};
     import { giveUpCompileCache } from ${own('../processes/compileCache.ts')};
     const path: string = process.env.NODE_COMPILE_CACHE + '/written';
     const mayWrite = () => {
       try {
         writeFileSync(path, '');
         return true;
       } catch {
         return false;
       }
     };
     const before = mayWrite();
     giveUpCompileCache();
     const frames = new BlockingFrames(0, 3, 1e6);
     frames.read();
     frames.write({ kind: 'ignored', reason: JSON.stringify([before, mayWrite()]) }, []);`,
  );
  const readers = new FileReaders({ processes: 1, entry, readableFolder: join(import.meta.dirname, '..', '..') });
  const { result } = await readers.read(Buffer.from('x'), '');
  readers.close();
  expect(result).toEqual({ kind: 'ignored', reason: '[true,false]' });
});

test('stopping answers everything that waits', async () => {
  const readers = new FileReaders({ processes: 1 });
  const reads = Array.from({ length: 9 }, () => readers.read(syntheticDicom({ sop: '1.1' }), '.dcm'));
  readers.close();
  expect((await Promise.all(reads)).every(({ result }) => result.kind === 'failed')).toBe(true);
});

test('a file cut anywhere never becomes an image', async () => {
  const whole = syntheticDicom({ sop: '1.1' });
  expect((await readFile(whole, '.dcm')).result.kind).toBe('dicom');
  for (let end = 0; end < whole.length; end++) {
    const { result } = await readFile(whole.subarray(0, end), '.dcm');
    expect(['failed', 'ignored'], `cut at ${end}`).toContain(result.kind);
  }
});

test('bytes changed anywhere give an image or a reason, never an exception', async () => {
  const whole = syntheticDicom({ sop: '1.1' });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        const { result } = await readFile(bytes, '.dcm');
        if (result.kind === 'failed' || result.kind === 'ignored') expect(result.reason).toMatch(/\.$/);
      },
    ),
    { numRuns: 400 },
  );
});

test('huge lengths, deep nesting and a deflate bomb are refused', async () => {
  const head = syntheticDicom({ sop: '1.1' }).subarray(0, 132);
  const huge = Buffer.concat([head, dicomElement(2, 0x10, 'UI', '1.2.840.10008.1.2.1'), Buffer.alloc(12)]);
  huge.write('OW', huge.length - 8, 'latin1');
  huge.writeUInt32LE(0xfffffff0, huge.length - 4);
  expect((await readFile(huge, '.dcm')).result.kind).toBe('failed');
  const sequence = Buffer.from([0x08, 0x00, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]);
  const nest = Buffer.concat(Array.from({ length: 50_000 }, () => Buffer.concat([sequence, item])));
  const deep = Buffer.concat([head, dicomElement(2, 0x10, 'UI', '1.2.840.10008.1.2.1'), nest]);
  expect((await readFile(deep, '.dcm')).result.kind).toBe('failed');
  const bomb = Buffer.concat([
    head,
    dicomElement(2, 0x10, 'UI', '1.2.840.10008.1.2.1.99'),
    deflateRawSync(Buffer.alloc(600 * 2 ** 20)),
  ]);
  expect((await readFile(bomb, '.dcm')).result.kind).toBe('failed');
});
