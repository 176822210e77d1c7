/**
 * `models convert`: a folder with a tfjs network (model.json, weight files, labels) becomes a pack. The golden case in it is computed
 * from the tfjs files without the conversion. Next: core/tfjs/tfjsToOnnx.ts, verifyPack.ts.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { modelManifest } from '#contract/modelManifest.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { writeModel } from '#core/onnx/readModel.ts';
import { readTfjsNetwork, type TfjsNetwork } from '#core/tfjs/tfjsNetwork.ts';
import { classCount, estimatePeakBytes, tfjsToOnnx } from '#core/tfjs/tfjsToOnnx.ts';
import { readTfjsWeights } from '#core/tfjs/tfjsWeights.ts';
import { SOFTWARE_VERSION } from '../export/softwareVersion.ts';
import { backgroundClass, type CodedClass, codedClass, manifestClass } from './classTerms.ts';
import { GOLDEN_INPUT, GOLDEN_LABELS, goldenCaseOf } from './goldenCase.ts';
import { type KnownNetwork, knownNetwork, QUANTILES } from './knownNetworks.ts';
import { modelCard } from './modelCard.ts';
import { networkLabels } from './networkLabels.ts';
import { writeFolderAtomically } from './writeFolderAtomically.ts';

const MOST_JSON_BYTES = 64e6;
const MOST_WEIGHT_BYTES = 2e9;

export interface ConvertedPack {
  readonly id: string;
  readonly sha256: string;
}

/**
 * @param folder of the tfjs network @param pack the folder to make
 * @throws model/not-tfjs, model/unsupported-layer, model/damaged-weights, disk/exists
 */
export async function convertNetwork(folder: string, pack: string): Promise<ConvertedPack> {
  const network = readTfjsNetwork(await readJson(join(folder, 'model.json')));
  if (network.inputChannels !== 1) throw notConverted('it reads more than one image at once');
  const files = new Map<string, Uint8Array>();
  const hash = createHash('sha256');
  for (const path of network.groups.flatMap((group) => group.paths)) {
    const bytes = await readWeightFile(folder, path);
    files.set(path, bytes);
    hash.update(bytes);
  }
  const weights = readTfjsWeights(network, (path) => files.get(path) ?? new Uint8Array(0));
  const onnx = writeModel(tfjsToOnnx(network, weights, SOFTWARE_VERSION));
  const golden = goldenCaseOf(network, weights);

  const id =
    basename(folder)
      .replace(/[^A-Za-z0-9._-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'converted';
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  const known = knownNetwork(hash.digest('hex')) ?? assumed(id, network);
  const labels = networkLabels(await readLabelFiles(folder), classCount(network));
  const classes = Array.from({ length: classCount(network) }, (_, value): CodedClass => {
    const { name = `Class ${value}`, color = null } = labels?.[value] ?? {};
    return value === 0 ? backgroundClass() : codedClass(value, name, color);
  });
  const licenceText = await readLicence(folder);
  const manifest = modelManifest.parse(manifestOf({ id, sha256, known, classes, licenceText, network }));
  const card = modelCard(manifest, classes, {
    origin: `Lantern ${SOFTWARE_VERSION} from the tfjs network in “${basename(folder)}”`,
    limits: limitsOf(network, known, labels !== null),
    licenceText,
  });
  await writeFolderAtomically(
    pack,
    new Map<string, Uint8Array | string>([
      ['manifest.json', `${JSON.stringify(manifest, null, 2)}\n`],
      ['model.onnx', onnx],
      ['card.md', card],
      [GOLDEN_INPUT, new Uint8Array(golden.input.buffer)],
      [GOLDEN_LABELS, golden.channels],
    ]),
  );
  return { id, sha256 };
}

interface PackParts {
  readonly id: string;
  readonly sha256: string;
  readonly known: KnownNetwork;
  readonly classes: readonly CodedClass[];
  readonly licenceText: string;
  readonly network: TfjsNetwork;
}

function manifestOf({ id, sha256, known, classes, licenceText, network }: PackParts): ModelManifest {
  const activated = network.layers.at(-1);
  const isProbability = activated?.kind === 'activation' && activated.activation === 'softmax';
  const voxels = (network.grid ?? [256, 256, 256]).reduce((product, n) => product * n, 1);
  return {
    formatVersion: 1,
    id,
    name: known.name,
    version: '1.0.0',
    licence: shortLicence(licenceText),
    intendedUse: known.intendedUse,
    demonstrationOnly: false,
    modality: known.modality,
    input: {
      channels: [{ name: known.modality === 'MR' ? 'T1-weighted MR' : 'Image of a head' }],
      orientation: 'LIA',
      spacingMm: [1, 1, 1],
      normalisation: known.normalisation,
      grid: network.grid ?? [256, 256, 256],
      multipleOf: 1,
      padValue: 0,
    },
    window: { size: null, overlap: 0, blending: 'constant' },
    output: { kind: 'semantic', activation: isProbability ? 'none' : 'softmax', threshold: 0.5 },
    classes: classes.map(manifestClass),
    files: [{ role: 'network', name: 'model.onnx', sha256 }],
    training: {
      population: known.population,
      cases: null,
      source: `tfjs network “${id}”`,
      ...(known.anatomy && { anatomy: known.anatomy }),
    },
    metrics: [],
    peakMemoryMb: Math.round(estimatePeakBytes(network, voxels) / 1e6),
  };
}

/** brainchop's own default, unless the network's comment says otherwise. */
function assumed(id: string, { comment }: TfjsNetwork): KnownNetwork {
  return {
    name: id,
    modality: 'MR',
    normalisation: /5\s*%\s*quantile.*95\s*%\s*quantile/i.test(comment) ? QUANTILES : { kind: 'min-max' },
    intendedUse: 'Research only; its makers state no use. Not for diagnosis.',
    population: 'Not stated by its makers.',
  };
}

function limitsOf(network: TfjsNetwork, known: KnownNetwork, hasLabels: boolean): string[] {
  return [
    'Nobody has validated this network for clinical use; look at every voxel of its answer.',
    'It reads the whole head at once, as it lies, without cropping. Peak memory in the manifest is an estimate from its layers.',
    ...(known.name.includes('49') || known.name.includes('103')
      ? ['Its makers run it on the brain alone, after an extraction; on a whole head it may do worse.']
      : []),
    ...(hasLabels ? [] : ['No file beside the network names its classes.']),
    ...(network.comment ? [`Its makers write: ${network.comment.replace(/\s+/g, ' ').slice(0, 1000)}`] : []),
  ];
}

async function readJson(file: string): Promise<unknown> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile() || found.size > MOST_JSON_BYTES) throw notConverted('there is no model.json in the folder');
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw notConverted('model.json is not JSON');
  }
}

/** Plain names only: a model.json can't point outside of its folder. */
async function readWeightFile(folder: string, path: string): Promise<Uint8Array> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(path)) throw notConverted('it names a weight file outside of its folder');
  const found = await stat(join(folder, path)).catch(() => null);
  if (!found?.isFile()) throw notConverted(`its weight file ${path} is missing`);
  if (found.size > MOST_WEIGHT_BYTES) throw notConverted(`its weight file ${path} is larger than this program reads`);
  return readFile(join(folder, path));
}

async function readLabelFiles(folder: string): Promise<Map<string, unknown>> {
  const names = await readdir(folder);
  const files = new Map<string, unknown>();
  for (const name of names.filter((n) => /^(labels|color).*\.json$/i.test(n))) {
    files.set(name, await readJson(join(folder, name)).catch(() => null));
  }
  return files;
}

/** Beside the network, or one folder up for a collection. */
async function readLicence(folder: string): Promise<string> {
  for (const place of [folder, dirname(folder)]) {
    for (const name of ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'LICENCE']) {
      const text = await readFile(join(place, name), 'utf8').catch(() => null);
      if (text) return text.slice(0, 100_000);
    }
  }
  return '';
}

/** The licence's name and whose it is: its first lines. */
function shortLicence(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const [title = ''] = lines;
  const owner = lines.find((line) => /^copyright/i.test(line));
  if (!title) return 'Not stated by its makers; ask them before use.';
  return `${[title, owner].filter(Boolean).join('. ').slice(0, 300)}. The whole text stands in card.md.`;
}

function notConverted(why: string): LanternError {
  return new LanternError(
    'model/not-tfjs',
    `The folder cannot be converted: ${why}.`,
    'Give the folder of a tfjs layers model: model.json, its weight files, labels.json.',
  );
}
