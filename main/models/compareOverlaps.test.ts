import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findPacks, type ModelPack } from '../inference/modelPack.ts';
import { cubeVolume, testContext, writeTestPack } from '../inference/testPack.ts';
import { compareOverlaps, OVERLAPS } from './compareOverlaps.ts';

it('holds each overlap against the highest and recommends the smallest that is good enough', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantern-overlaps-'));
  writeTestPack(folder, 'bright', { window: { size: [8, 8, 8] } });
  writeTestPack(folder, 'whole');
  const packs = (await findPacks([folder])) as ModelPack[];
  const pack = (id: string): ModelPack => packs.find(({ manifest }) => manifest.id === id) as ModelPack;
  const { rows, recommended } = await compareOverlaps(pack('bright'), cubeVolume(), 0.01, testContext());
  expect(rows.map(({ overlap }) => overlap)).toEqual(OVERLAPS);
  // A threshold sees no neighbours: overlap changes nothing.
  expect(rows.map(({ dice }) => dice)).toEqual([1, 1, 1, 1]);
  expect(rows[0]?.windows).toBeLessThan(rows[3]?.windows ?? 0);
  expect(recommended).toBe(0.25);
  await expect(compareOverlaps(pack('whole'), cubeVolume(), 0.01, testContext())).rejects.toMatchObject({
    code: 'model/no-windows',
  });
  rmSync(folder, { recursive: true, force: true });
});
