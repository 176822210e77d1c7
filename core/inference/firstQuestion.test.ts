import { expect, it } from 'vitest';
import type { Vector3 } from '../geometry/points.ts';
import { firstQuestion } from './firstQuestion.ts';
import { type RunHooks, runModel } from './runModel.ts';
import { testManifest } from './testManifest.ts';
import { sagittalSeries } from './testSeries.ts';

class Asked extends Error {
  readonly question: unknown;
  constructor(question: unknown) {
    super('asked');
    this.question = question;
  }
}

it.each([
  {},
  { input: { orientation: 'LIA', multipleOf: 16 } },
  { input: { spacingMm: [2, 2, 3] as const } },
  { input: { orientation: 'SAR', spacingMm: [1, 1, 1] as const, grid: [48, 32, 64] as const } },
  { input: { orientation: 'PIL', grid: [48, 32, 16] as const } },
  { window: { size: [16, 16, 16] as const, overlap: 0.5 } },
  { window: { size: [64, 64, 64] as const, overlap: 0.5 } },
  { output: { activation: 'sigmoid', threshold: 0.5 } as const },
])('is what the run asks: %j', async (changes) => {
  const manifest = testManifest(changes);
  const stop = (size: Vector3, wish: string): never => {
    throw new Asked({ size, wish });
  };
  const hooks: RunHooks = {
    progress: async () => {},
    runWindow: async (_values, size) => stop(size, 'scores'),
    decideWindow: async (_values, size, _member, wish) => stop(size, wish),
  };
  const asked = await runModel(sagittalSeries, manifest, hooks).then(
    () => null,
    (error: unknown) => error,
  );
  expect(asked).toBeInstanceOf(Asked);
  expect(firstQuestion(manifest, sagittalSeries.geometry)).toEqual((asked as Asked).question);
});
