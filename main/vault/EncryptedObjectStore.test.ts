import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allFinished } from './allFinished.ts';
import { CHUNK_BYTES, HEADER_BYTES, TAG_BYTES } from './objectFormat.ts';
import type { FinishedObject, ObjectCodec } from './openVault.ts';
import { TEST_PASSPHRASE, type TemporaryVault, temporaryVault } from './temporaryVault.ts';
import { unlockVault } from './vault.ts';

let test: TemporaryVault;
beforeAll(async () => {
  test = await temporaryVault();
});
afterAll(() => test.dispose());

const MIB = CHUNK_BYTES;
const damaged = expect.objectContaining({ code: 'vault/damaged' });

function filesOf(folder: string): string[] {
  return readdirSync(join(folder, 'objects'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Stores bytes and tells which file holds them. */
async function stored(bytes: Uint8Array, codec: ObjectCodec = 'raw'): Promise<{ id: string; path: string }> {
  const before = new Set(filesOf(test.folder));
  const object = await test.vault.objects.put('pack', bytes, codec);
  test.vault.transact(null, () => object.commitRow());
  const [path, ...others] = filesOf(test.folder).filter((file) => !before.has(file));
  if (!path || others.length > 0) throw new Error('expected one new file');
  return { id: object.id, path };
}

describe('an object', () => {
  it.each([0, 1, 100, MIB - 1, MIB, MIB + 1, 2 * MIB, 5 * MIB + 7])(
    'of %i bytes comes back bit for bit',
    async (size) => {
      const bytes = randomBytes(size);
      for (const codec of ['raw', 'zstd'] as const) {
        const { id, path } = await stored(bytes, codec);
        expect(Buffer.compare(await test.vault.objects.read(id), bytes)).toBe(0);
        expect(test.vault.objects.plainBytes(id)).toBe(size);
        expect(path).toMatch(/objects[/\\][0-9a-f]{2}[/\\][0-9a-f]{30}$/);
      }
    },
  );

  it('written in pieces of any size is the same as written whole', async () => {
    const bytes = randomBytes(3 * MIB + 11);
    for (const pieces of [
      [10, MIB, MIB - 10, 1, MIB + 10],
      [3 * MIB + 11],
      [MIB, MIB, MIB, 11],
      [0, 5, 0, 3 * MIB + 6],
    ]) {
      for (const codec of ['raw', 'zstd'] as const) {
        const writer = await test.vault.objects.create('pack', codec);
        let offset = 0;
        for (const piece of pieces) {
          await writer.write(bytes.subarray(offset, offset + piece));
          offset += piece;
        }
        const object = await writer.finish();
        test.vault.transact(null, () => object.commitRow());
        expect(object.plainBytes).toBe(bytes.length);
        expect(Buffer.compare(await test.vault.objects.read(object.id), bytes)).toBe(0);
      }
    }
  });

  it('gives any range of bytes', async () => {
    const bytes = randomBytes(6 * MIB + 5);
    const [raw, zstd] = [await stored(bytes), await stored(bytes, 'zstd')];
    const edges = [0, 1, MIB - 1, MIB, MIB + 1, 4 * MIB, 5 * MIB - 1, 6 * MIB, 6 * MIB + 4, bytes.length];
    const position = fc.oneof(fc.constantFrom(...edges), fc.nat(bytes.length));
    await fc.assert(
      fc.asyncProperty(position, position, fc.boolean(), async (a, b, packed) => {
        const [start, end] = a < b ? [a, b] : [b, a];
        const range = await test.vault.objects.readRange(packed ? zstd.id : raw.id, start, end);
        expect(Buffer.compare(range, bytes.subarray(start, end))).toBe(0);
      }),
      { numRuns: 60 },
    );
    for (const [start, end] of [
      [-1, 4],
      [4, 3],
      [0, bytes.length + 1],
      [0.5, 2],
    ] as const) {
      await expect(test.vault.objects.readRange(raw.id, start, end)).rejects.toMatchObject({
        code: 'argument/out-of-range',
      });
    }
  });

  it('packed with zstd takes less room when it repeats itself', async () => {
    const before = test.vault.objects.storedBytes();
    await stored(Buffer.alloc(8 * MIB, 'bone'), 'zstd');
    expect(test.vault.objects.storedBytes() - before).toBeLessThan(20_000);
  });

  it('shows nothing of its content in its file', async () => {
    const { path } = await stored(Buffer.from('DICM PatientName Doe^Jane '.repeat(1000)));
    const file = readFileSync(path, 'latin1');
    expect(file).not.toMatch(/DICM|Doe|Patient/);
  });
});

describe('a damaged object file', () => {
  const size = 3 * MIB + 100;
  const sealedChunk = MIB + TAG_BYTES;

  it('cut off at any structural place is refused', async () => {
    const { id, path } = await stored(randomBytes(size));
    const whole = readFileSync(path);
    const cuts = [0, 7, HEADER_BYTES - 1, HEADER_BYTES];
    for (let chunk = 0; chunk < 4; chunk++) {
      const begin = HEADER_BYTES + chunk * sealedChunk;
      cuts.push(begin, begin + 1, Math.min(whole.length, begin + sealedChunk) - TAG_BYTES, begin + sealedChunk - 1);
    }
    for (const cut of cuts.filter((place) => place < whole.length)) {
      writeFileSync(path, whole.subarray(0, cut));
      await expect(test.vault.objects.read(id), `cut at ${cut}`).rejects.toEqual(damaged);
      await expect(test.vault.objects.readRange(id, 0, 10), `range, cut at ${cut}`).rejects.toEqual(damaged);
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.from([0])]));
    await expect(test.vault.objects.read(id)).rejects.toEqual(damaged);
    writeFileSync(path, whole);
    expect((await test.vault.objects.read(id)).length).toBe(size);
  });

  it('cut after a whole chunk is refused even with a header that was made to fit', async () => {
    const { id, path } = await stored(randomBytes(size));
    const whole = readFileSync(path);
    const shorter = Buffer.from(whole.subarray(0, HEADER_BYTES + 2 * sealedChunk));
    shorter.writeBigUInt64LE(BigInt(2 * MIB), 32);
    shorter.writeBigUInt64LE(BigInt(2 * MIB), 40);
    writeFileSync(path, shorter);
    await expect(test.vault.objects.read(id)).rejects.toEqual(damaged);
    // Even where the database agreed, the second chunk is not a final one.
    test.vault.db.prepare('UPDATE object SET plain_bytes = ? WHERE id = ?').run(2 * MIB, id);
    await expect(test.vault.objects.read(id)).rejects.toEqual(damaged);
  });

  it('with swapped or repeated chunks is refused', async () => {
    const { id, path } = await stored(randomBytes(size));
    const whole = readFileSync(path);
    const chunk = (n: number) => whole.subarray(HEADER_BYTES + n * sealedChunk, HEADER_BYTES + (n + 1) * sealedChunk);
    const header = whole.subarray(0, HEADER_BYTES);
    for (const order of [
      [1, 0, 2, 3],
      [0, 2, 1, 3],
      [0, 0, 2, 3],
      [0, 1, 1, 3],
    ]) {
      writeFileSync(path, Buffer.concat([header, ...order.map(chunk)]));
      await expect(test.vault.objects.read(id), order.join()).rejects.toEqual(damaged);
    }
  });

  it('with any flipped byte is refused', async () => {
    const { id, path } = await stored(randomBytes(size));
    const whole = readFileSync(path);
    const places = [...Array(HEADER_BYTES).keys(), HEADER_BYTES, HEADER_BYTES + MIB, HEADER_BYTES + sealedChunk + 5];
    for (const place of [...places, whole.length - 1, whole.length - TAG_BYTES - 1]) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
      writeFileSync(path, bytes);
      await expect(test.vault.objects.read(id), `byte ${place}`).rejects.toEqual(damaged);
    }
  });

  it('of another object, or with another key, is refused', async () => {
    const [one, other] = [await stored(randomBytes(1000)), await stored(randomBytes(1000))];
    const file = readFileSync(one.path);
    writeFileSync(one.path, readFileSync(other.path));
    await expect(test.vault.objects.read(one.id)).rejects.toEqual(damaged);
    writeFileSync(one.path, file);
    test.vault.db.prepare('UPDATE object SET key = ? WHERE id = ?').run(randomBytes(32), one.id);
    await expect(test.vault.objects.read(one.id)).rejects.toEqual(damaged);
  });

  it('packed with zstd, with a flipped byte, is refused', async () => {
    const { id, path } = await stored(Buffer.alloc(3 * MIB, 'abc'), 'zstd');
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(HEADER_BYTES + 3) ^ 1, HEADER_BYTES + 3);
    writeFileSync(path, bytes);
    await expect(test.vault.objects.read(id)).rejects.toEqual(damaged);
  });
});

describe('rows and files', () => {
  it('go together: a removed object is gone at once, a rolled-back removal is not', async () => {
    const kept = await stored(randomBytes(10));
    const gone = await stored(randomBytes(10));
    const act = () =>
      test.vault.transact(null, () => {
        test.vault.objects.remove(kept.id);
        throw new Error('second thoughts');
      });
    expect(act).toThrow('second thoughts');
    expect((await test.vault.objects.read(kept.id)).length).toBe(10);
    test.vault.transact(null, () => test.vault.objects.remove(gone.id));
    expect(filesOf(test.folder)).not.toContain(gone.path);
    await expect(test.vault.objects.read(gone.id)).rejects.toMatchObject({ code: 'vault/unknown-object' });
    test.vault.objects.remove(kept.id);
    expect(filesOf(test.folder)).not.toContain(kept.path);
  });

  it('a rolled-back insertion leaves no file, also when only the inner of two transactions fails', async () => {
    const before = filesOf(test.folder).length;
    const { objects } = test.vault;
    const failing = (object: FinishedObject) => () => {
      object.commitRow();
      throw new Error('no');
    };
    const alone = await objects.put('pack', randomBytes(10));
    expect(() => test.vault.transact(null, failing(alone))).toThrow('no');
    expect(filesOf(test.folder)).toHaveLength(before);

    const [outer, inner] = [await objects.put('pack', randomBytes(20)), await objects.put('pack', randomBytes(30))];
    test.vault.transact(null, () => {
      outer.commitRow();
      expect(() => test.vault.transact(null, failing(inner))).toThrow('no');
    });
    expect(filesOf(test.folder)).toHaveLength(before + 1);
    expect(await objects.read(outer.id)).toHaveLength(20);
  });

  it('of several that belong together none stays when one fails', async () => {
    const before = filesOf(test.folder).length;
    const slow = new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
      test.vault.objects.put('pack', randomBytes(10)),
    );
    await expect(allFinished([Promise.reject(new Error('no')), slow])).rejects.toThrow('no');
    expect(filesOf(test.folder)).toHaveLength(before);
  });

  it('an aborted object leaves nothing', async () => {
    const before = filesOf(test.folder);
    for (const codec of ['raw', 'zstd'] as const) {
      const writer = await test.vault.objects.create('volume', codec);
      await writer.write(randomBytes(2 * MIB));
      await writer.abort();
    }
    expect(filesOf(test.folder)).toEqual(before);
  });

  it('a file without a row is collected at the next unlock', async () => {
    const own = await temporaryVault();
    const orphan = await own.vault.objects.put('volume', randomBytes(100));
    const kept = await own.vault.objects.put('volume', randomBytes(100));
    own.vault.transact(null, () => kept.commitRow());
    const unfinished = await own.vault.objects.create('volume');
    await unfinished.write(randomBytes(10));
    expect(filesOf(own.folder)).toHaveLength(3);
    expect(orphan.plainBytes).toBe(100);
    await own.vault.close();
    const again = await unlockVault(own.folder, { passphrase: TEST_PASSPHRASE });
    expect(filesOf(own.folder)).toHaveLength(1);
    expect((await again.objects.read(kept.id)).length).toBe(100);
    await again.close();
    await unfinished.abort();
    await own.dispose();
  });
});
