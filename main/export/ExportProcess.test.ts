import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeNifti } from '#core/formats/nifti.ts';
import { worldPoint } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import { importPaths } from '../import/importPaths.ts';
import { SegmentationService } from '../segmentations/segmentationService.ts';
import { type TemporaryVault, temporaryVault } from '../vault/temporaryVault.ts';
import { runExportProcess } from './ExportProcess.ts';
import { decodeOrder, encodeOrder } from './exportMessages.ts';
import { exportSegmentation } from './exportSegmentation.ts';
import { type ExportOrder, readExportOrder } from './exportSource.ts';

const geometry: VolumeGeometry = {
  size: [160, 160, 120],
  spacingMm: [1, 1, 1],
  originLps: worldPoint(0, 0, 0),
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};
const quiet = { signal: new AbortController().signal, progress: () => {} };

let folder = '';
let temporary: TemporaryVault;
let service: SegmentationService;
let id = '';

/** A sponge: so many holes that its surface takes seconds. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantern-process-'));
  temporary = await temporaryVault();
  service = new SegmentationService(temporary.vault);
  const scalars = Int16Array.from({ length: 160 * 160 * 120 }, (_, n) => (Math.imul(n, 2654435761) >>> 16) % 1000);
  await writeFile(join(folder, 'sponge.nii'), writeNifti({ geometry, scalars }));
  const { series } = await importPaths(temporary.vault, [join(folder, 'sponge.nii')], quiet);
  const sponge: Segment = {
    number: 1,
    name: 'Sponge',
    layer: 0,
    color: '#c04040',
    codes: {
      category: { value: '49755003', scheme: 'SCT', meaning: 'Morphologically Altered Structure' },
      type: { value: '52988006', scheme: 'SCT', meaning: 'Lesion' },
    },
    opacity: 0.5,
    display: 'both',
    visible: true,
    locked: false,
    origin: 'manual',
  };
  const voxels = Uint8Array.from(scalars, (v) => (v < 120 ? 1 : 0));
  const layers = [{ size: geometry.size, voxels }];
  const result = { name: 'Sponge', state: 'accepted', origin: 'manual', provenance: null, segments: [sponge] } as const;
  ({ id } = await service.addResult({ ...result, seriesId: series[0] ?? '', geometry, layers }));
});
afterAll(async () => {
  await service.close();
  await temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

const order = (format: 'stl' | 'pdf') =>
  readExportOrder({ vault: temporary.vault, segmentations: service }, { segmentationId: id, format });

describe('while a file is made', () => {
  test('the host goes on answering', async () => {
    let longest = 0;
    let answered = 0;
    let last = performance.now();
    const tick = setInterval(() => {
      temporary.vault.db.prepare('SELECT count(*) FROM series').get();
      answered++;
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 20);
    const began = performance.now();
    const deps = { vault: temporary.vault, segmentations: service };
    const { bytes } = await exportSegmentation(deps, { segmentationId: id, format: 'stl' }, quiet);
    const took = performance.now() - began;
    clearInterval(tick);
    expect(bytes.byteLength).toBeGreaterThan(20_000_000);
    expect(took).toBeGreaterThan(1000);
    expect(answered).toBeGreaterThan(took / 100);
    expect(longest).toBeLessThan(took / 3);
  });

  test('its progress is seen, and a cancel ends it at once', async () => {
    const controller = new AbortController();
    const phases: string[] = [];
    let cancelledAt = 0;
    const run = runExportProcess(await order('stl'), {
      signal: controller.signal,
      progress: (_done, _total, _unit, phase) => {
        phases.push(phase);
        cancelledAt = performance.now();
        controller.abort(new Error('cancelled'));
      },
    });
    await expect(run).rejects.toThrow('cancelled');
    expect(performance.now() - cancelledAt).toBeLessThan(500);
    expect(phases).toEqual(['Building the surface']);
  });
});

describe('a process that fails', () => {
  test('for want of memory is told as an error with a next step', async () => {
    const run = runExportProcess(await order('stl'), quiet, { heapMegabytes: 4 });
    const outcome = await run.then(
      () => 'made',
      (error: { code?: string }) => error.code,
    );
    expect(outcome).toBe('export/process-ended');
  });

  test('by ending before its answer is told in the same way', async () => {
    const entry = join(folder, 'ends.mjs');
    await writeFile(entry, 'process.exit(7);');
    const run = runExportProcess(await order('stl'), quiet, { entry });
    await expect(run).rejects.toMatchObject({ code: 'export/process-ended' });
  });

  test('by a bug carries the stack for the log', async () => {
    const broken = { ...(await order('pdf')), volume: null };
    const failure = await runExportProcess(broken, quiet).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(String((failure as Error).cause)).toContain('a report without its images');
  });
});

test('an order arrives as it was sent, arrays of odd lengths too', async () => {
  const sent: ExportOrder = {
    ...(await order('pdf')),
    series: {
      seriesInstanceUid: '1.2',
      studyInstanceUid: '1.3',
      patientName: 'Ä^B',
      patientId: 'x',
      dicomFiles: [new Uint8Array([1, 2, 3]), Buffer.from([4]), new Uint8Array(0)],
    },
  };
  const { header, blocks } = encodeOrder(sent);
  const received = decodeOrder(JSON.parse(JSON.stringify(header)), new Uint8Array(Buffer.concat(blocks)));
  expect(received.volume?.scalars).toEqual(sent.volume?.scalars);
  expect(received.source).toEqual({
    ...sent.source,
    layers: sent.source.layers.map(({ size, voxels }) => ({ size, voxels })),
  });
  expect(received.series?.dicomFiles?.map((file) => [...file])).toEqual([[1, 2, 3], [4], []]);
  expect(received.series?.patientName).toBe('Ä^B');
});
