import { expect, it } from 'vitest';
import type { Provenance } from '#contract/schemas/provenance.ts';
import { originRecord } from './originRecord.ts';

const origin = (clicks: number): Provenance => ({
  ...{ modelId: 'prompt', modelName: 'Prompt', modelVersion: '1', sha256: 'ab', provider: 'cpu', seconds: 1 },
  trace: Array.from({ length: clicks }, () => ({ pointLps: [-12.5, 30, 110], inside: true })),
  ...{ at: '2026-11-25T03:00:00.000Z', operator: 'Dr Müller' },
});

it('is ASCII that reads back as it was', () => {
  const text = originRecord([origin(2)]);
  expect(text).toMatch(/^[ -~]*$/);
  expect(JSON.parse(text)).toEqual({ origins: [origin(2)] });
});

it('stays below its bound, gives up traces before answers, and says so', () => {
  const text = originRecord([origin(20), origin(400)]);
  expect(text.length).toBeLessThanOrEqual(10_240);
  expect(JSON.parse(text)).toEqual({ origins: [origin(20), origin(0)], tracesLeftOut: 1 });
  const many = originRecord(Array.from({ length: 300 }, () => origin(1)));
  expect(many.length).toBeLessThanOrEqual(10_240);
  const { origins, leftOut } = JSON.parse(many);
  expect(origins.length).toBeGreaterThan(20);
  expect(origins.length + leftOut).toBe(300);
  expect(originRecord([origin(1)], 10)).toBe('{"origins":[],"tracesLeftOut":1,"leftOut":1}');
});
