import { describe, expect, it } from 'vitest';
import { testManifest } from '../core/inference/testManifest.ts';
import { modelManifest } from './modelManifest.ts';

const good = testManifest({});
const fieldOf = (manifest: unknown): string => {
  const parsed = modelManifest.safeParse(manifest);
  return parsed.success ? 'accepted' : parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
};

describe('a manifest', () => {
  it('is accepted when it states every field', () => {
    expect(fieldOf(good)).toBe('accepted');
  });

  it.each([
    ['files.0.name', { files: [{ ...good.files[0], name: '../model.onnx' }] }],
    ['files.0.name', { files: [{ ...good.files[0], name: '/etc/model.onnx' }] }],
    ['files.0.sha256', { files: [{ ...good.files[0], sha256: 'abc' }] }],
    ['input.orientation', { input: { ...good.input, orientation: 'LLS' } }],
    ['input.spacingMm.2', { input: { ...good.input, spacingMm: [1, 1, 0] } }],
    ['input.normalisation', { input: { ...good.input, normalisation: { kind: 'window', lower: 5, upper: 5 } } }],
    ['input.channels', { input: { ...good.input, channels: [{ name: 'T1' }, { name: 'T2' }] } }],
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
