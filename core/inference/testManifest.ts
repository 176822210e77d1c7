/** A small two-class manifest that tests change piece by piece. */
import type { ModelInput, ModelManifest, ModelOutput, ModelWindow } from './modelManifest.ts';

type Changes = Partial<Omit<ModelManifest, 'input' | 'window' | 'output'>> & {
  readonly input?: Partial<ModelInput>;
  readonly window?: Partial<ModelWindow>;
  readonly output?: Partial<ModelOutput>;
};

export function testManifest({ input, window, output, ...rest }: Changes): ModelManifest {
  return {
    formatVersion: 1,
    id: 'test-threshold',
    name: 'Threshold',
    version: '1.0.0',
    licence: 'Apache-2.0',
    intendedUse: 'Tests.',
    demonstrationOnly: false,
    modality: 'CT',
    input: {
      channels: [{ name: 'CT' }],
      orientation: 'LPS',
      spacingMm: null,
      normalisation: { kind: 'none' },
      grid: null,
      multipleOf: 1,
      padValue: 0,
      ...input,
    },
    window: { size: null, overlap: 0.5, blending: 'gaussian', ...window },
    output: { kind: 'semantic', activation: 'softmax', threshold: 0.5, ...output },
    classes: [
      { value: 0, name: 'Background' },
      {
        value: 1,
        name: 'Bright',
        color: '#ffcc00',
        codes: {
          category: { value: '123037004', scheme: 'SCT', meaning: 'Anatomical Structure' },
          type: { value: '85756007', scheme: 'SCT', meaning: 'Tissue' },
        },
      },
    ],
    files: [{ role: 'network', name: 'model.onnx', sha256: '0'.repeat(64) }],
    training: { population: 'None.', cases: null, source: 'Written by hand.' },
    metrics: [],
    peakMemoryMb: null,
    ...rest,
  };
}
