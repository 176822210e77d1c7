/** A tfjs network of a few layers with made-up weights, for tests: what would lie in model.json, and the bytes of its weight file. */

interface LayerJson {
  class_name: string;
  name: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown[];
}

export interface TinyNetwork {
  readonly json: {
    modelTopology: { model_config: { config: { layers: LayerJson[] } } };
    weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
  };
  readonly bytes: Uint8Array;
}

interface ConvOptions {
  readonly filters: number;
  readonly kernel?: number;
  readonly dilation?: number;
  readonly strides?: number;
  readonly padding?: string;
  readonly bias?: boolean;
  readonly activation?: string;
}

export function conv(name: string, options: ConvOptions): LayerJson {
  const {
    filters,
    kernel = 3,
    dilation = 1,
    strides = 1,
    padding = 'same',
    bias = true,
    activation = 'linear',
  } = options;
  const thrice = (n: number): number[] => [n, n, n];
  return {
    class_name: 'Conv3D',
    name,
    config: {
      name,
      filters,
      kernel_size: thrice(kernel),
      dilation_rate: thrice(dilation),
      strides: thrice(strides),
      padding,
      data_format: 'channels_last',
      activation,
      use_bias: bias,
    },
  };
}

/** @param weights shape by name; the values differ from one another */
export function tinyNetwork(layers: readonly LayerJson[], weights: Readonly<Record<string, number[]>>): TinyNetwork {
  const input = { class_name: 'InputLayer', name: 'input', config: { batch_input_shape: [null, 8, 8, 8, 1] } };
  const chain = layers.map((layer, n) => ({
    ...layer,
    inbound_nodes: [[[layers[n - 1]?.name ?? 'input', 0, 0, {}]]],
  }));
  const entries = Object.entries(weights).map(([name, shape]) => ({ name, shape, dtype: 'float32' }));
  const count = entries.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const values = Float32Array.from({ length: count }, (_, n) => (((n * 7919) % 2003) + 1) / 2004);
  return {
    json: {
      modelTopology: { model_config: { config: { layers: [{ ...input, inbound_nodes: [] }, ...chain] } } },
      weightsManifest: [{ paths: ['weights.bin'], weights: entries }],
    },
    bytes: new Uint8Array(values.buffer),
  };
}

export function weightsOf({ json, bytes }: TinyNetwork, name: string): number[] {
  let at = 0;
  for (const entry of json.weightsManifest[0]?.weights ?? []) {
    const count = entry.shape.reduce((a, b) => a * b, 1);
    if (entry.name === name) return [...new Float32Array(bytes.slice(at).buffer, 0, count)];
    at += 4 * count;
  }
  return [];
}
