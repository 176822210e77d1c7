import { describe, expect, it } from 'vitest';
import { testManifest } from '../core/inference/testManifest.ts';
import { modelManifest } from './modelManifest.ts';

const good = testManifest({});
const FLAT = { input: { ...good.input, dimensions: 2 } };
const INSTANCES = {
  tensors: { boxes: 'boxes', scores: 'scores', labels: 'labels', masks: 'masks' },
  leastScore: 0.5,
  linkOverlap: 0.3,
};
const fieldOf = (manifest: unknown): string => {
  const parsed = modelManifest.safeParse(manifest);
  return parsed.success ? 'accepted' : parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
};

describe('a manifest', () => {
  it('is accepted when it states every field', () => {
    expect(fieldOf(good)).toBe('accepted');
  });

  it.each([
    ['slices with their neighbours', { dimensions: 2, neighbours: 2, spacingMm: [1, 1, null], grid: [64, 64, 1] }],
    ['several series', { channels: [{ name: 'T1' }, { name: 'T2', normalisation: { kind: 'min-max' } }] }],
    ['one series in several windows', { channels: [{ name: 'CT' }, { name: 'CT', normalisation: { kind: 'none' } }] }],
  ])('may read %s', (_, input) => {
    expect(fieldOf({ ...good, input: { ...good.input, ...input } })).toBe('accepted');
  });

  it('may need another model before itself, and answer with instances', () => {
    expect(fieldOf({ ...good, cascade: { modelId: 'coarse', classes: [1, 2], marginMm: 10 } })).toBe('accepted');
    const output = { ...good.output, kind: 'instances', activation: 'none', instances: INSTANCES };
    expect(fieldOf({ ...good, input: { ...good.input, dimensions: 2 }, output })).toBe('accepted');
  });

  it('may have classes that share voxels, of scores that stand each for itself', () => {
    const output = { ...good.output, activation: 'sigmoid', overlapping: true };
    const classes = good.classes.slice(1);
    expect(fieldOf({ ...good, output, classes })).toBe('accepted');
    expect(fieldOf({ ...good, output })).toBe('output.overlapping');
    expect(fieldOf({ ...good, output: { ...output, activation: 'softmax' }, classes })).toBe('output.overlapping');
    const many = Array.from({ length: 17 }, (_, n) => ({ ...good.classes[1], value: n + 1 }));
    expect(fieldOf({ ...good, output, classes: many })).toBe('output.overlapping');
  });

  it.each([
    ['files.0.name', { files: [{ ...good.files[0], name: '../model.onnx' }] }],
    ['files.0.name', { files: [{ ...good.files[0], name: '/etc/model.onnx' }] }],
    ['files.0.sha256', { files: [{ ...good.files[0], sha256: 'abc' }] }],
    ['input.orientation', { input: { ...good.input, orientation: 'LLS' } }],
    ['input.spacingMm.2', { input: { ...good.input, spacingMm: [1, 1, 0] } }],
    ['input.normalisation', { input: { ...good.input, normalisation: { kind: 'window', lower: 5, upper: 5 } } }],
    ['input.channels', { input: { ...good.input, channels: [] } }],
    ['input.neighbours', { input: { ...good.input, neighbours: 1 } }],
    ['input.spacingMm.2', { input: { ...good.input, spacingMm: [1, 1, null] } }],
    ['input.grid.2', { input: { ...good.input, dimensions: 2, grid: [64, 64, 8] } }],
    ['window.size.2', { input: { ...good.input, dimensions: 2 }, window: { ...good.window, size: [64, 64, 8] } }],
    ['window.size', { input: { ...good.input, grid: [64, 64, 64] }, window: { ...good.window, size: [96, 64, 64] } }],
    ['output.mirrorByDefault', { output: { ...good.output, mirrorByDefault: true } }],
    ['output.mirrorByDefault', { output: { ...good.output, mirrorByDefault: true, mirrorAxes: [] } }],
    ['output.instances', { output: { ...good.output, instances: INSTANCES } }],
    ['output.instances', { ...FLAT, output: { ...good.output, kind: 'instances', activation: 'none' } }],
    ['input.dimensions', { output: { ...good.output, kind: 'instances', activation: 'none', instances: INSTANCES } }],
    ['cascade.modelId', { cascade: { modelId: good.id, classes: [1], marginMm: 10 } }],
    ['cascade.classes', { cascade: { modelId: 'coarse', classes: [], marginMm: 10 } }],
    ['window.overlap', { window: { ...good.window, overlap: 1 } }],
    ['classes', { classes: [good.classes[1], good.classes[1]] }],
    ['classes', { classes: [good.classes[0]] }],
    ['classes.1', { classes: [good.classes[0], { value: 1, name: 'Bare' }] }],
    ['id', { id: '../escape' }],
    ['version', { version: 'latest' }],
  ])('is refused at %s', (field, change) => {
    expect(fieldOf({ ...good, ...change })).toBe(field);
  });
});
