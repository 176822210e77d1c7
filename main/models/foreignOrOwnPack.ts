/** The files of a pack, as they are in the source or made of an nnU-Net export or a MONAI bundle that lies there. */
import { createHash } from 'node:crypto';
import { modelManifest } from '#contract/modelManifest.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { readModel } from '#core/onnx/readModel.ts';
import { modelInputs } from '#core/onnx/valueShape.ts';
import { SOFTWARE_VERSION } from '../export/softwareVersion.ts';
import { manifestClass } from './classTerms.ts';
import type { Fold, ForeignModel, ImportHints } from './foreignModel.ts';
import { modelCard } from './modelCard.ts';
import { monaiModel } from './monaiBundle.ts';
import { nnunetModel } from './nnunetExport.ts';
import { packFilesOf, packFolderIn } from './packFiles.ts';
import { readCodeTable } from './readCodeTable.ts';
import type { Source } from './readSource.ts';

/** As many files as the manifest may name. */
const MOST_FOLDS = 20;

/** @throws model/no-source, model/orientation-unknown, model/not-understood, argument/orientation */
export async function foreignOrOwnPack(
  source: Source,
  orientation: string | null,
): Promise<Map<string, Uint8Array | string>> {
  const within = packFolderIn(source);
  if (within !== null) return packFilesOf(source, within);
  const find = (name: RegExp): string | undefined => source.paths.find((path) => name.test(path));
  const [network, ...further] = source.paths.filter((path) => path.endsWith('.onnx'));
  if (!network) throw noModel('it holds no .onnx file');
  const table = find(/snomed.*\.csv$/i);
  const codes = readCodeTable(table ? await text(source, table) : '');
  const hints: ImportHints = { orientation: orientation && checkedOrientation(orientation), codes };
  const [dataset, plans] = [find(/(^|\/)dataset\.json$/), find(/(^|\/)plans\.json$/)];
  const metadata = find(/(^|\/)configs\/metadata\.json$/);
  if (dataset && plans) {
    const folds = foldsOf([network, ...further]);
    const found = { folds, rank: rankOf(await source.read(folds[0].path)) };
    const model = nnunetModel(await json(source, dataset), await json(source, plans), found, hints);
    return foreignPack(source, model);
  }
  if (further.length > 0) throw noModel(`it holds ${1 + further.length} networks, of which only one could be meant`);
  if (metadata) {
    const inference = find(/(^|\/)configs\/inference\.json$/);
    const prepared = inference ? await json(source, inference) : null;
    return foreignPack(source, monaiModel(await json(source, metadata), prepared, network, hints));
  }
  throw noModel(
    'beside the network there is no manifest.json, no dataset.json with plans.json and no configs/metadata.json',
  );
}

async function foreignPack(source: Source, model: ForeignModel): Promise<Map<string, Uint8Array | string>> {
  const networks = await Promise.all(
    model.folds.map(async ({ path, number }) => {
      const bytes = await source.read(path);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { bytes, file: { role: 'network', name: number === null ? 'model.onnx' : `fold-${number}.onnx`, sha256 } };
    }),
  );
  const checked = modelManifest.safeParse({
    formatVersion: 1,
    ...model.manifest,
    classes: model.classes.map(manifestClass),
    files: networks.map(({ file }) => file),
    peakMemoryMb: null,
  });
  if (!checked.success) throw noManifest(checked.error.issues[0]?.path.join('.') ?? '');
  const manifest = checked.data;
  const licencePath = source.paths.find((path) => /(^|\/)LICEN[CS]E(\.(txt|md))?$/i.test(path));
  const card = modelCard(manifest, model.classes, {
    origin: `Lantern ${SOFTWARE_VERSION} from ${model.origin}`,
    limits: ['Nobody has validated this network for clinical use; look at every voxel of its answer.', ...model.limits],
    licenceText: licencePath ? await text(source, licencePath) : '',
  });
  return new Map<string, Uint8Array | string>([
    ['manifest.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ...networks.map(({ file, bytes }): [string, Uint8Array] => [file.name, bytes]),
    ['card.md', card],
  ]);
}

/** Several networks of an nnU-Net export are folds only where nothing in their paths differs but the fold. @returns in the order of the folds */
function foldsOf(paths: readonly [string, ...string[]]): [Fold, ...Fold[]] {
  const [first, ...others] = paths;
  if (others.length === 0) return [{ path: first, number: null }];
  if (paths.length > MOST_FOLDS) throw noModel(`it holds ${paths.length} networks`);
  const found = paths.map((path) => ({ path, parts: /^(.*fold[_-]?)(\d+)(.*?)$/i.exec(path) }));
  const around = new Set(found.map(({ parts }) => (parts ? `${parts[1]}*${parts[3]}` : null)));
  const folds = found.map(({ path, parts }) => ({ path, number: Number(parts?.[2]) }));
  const areFolds = around.size === 1 && !around.has(null) && new Set(folds.map((f) => f.number)).size === folds.length;
  const [one, ...rest] = folds.sort((a, b) => a.number - b.number);
  if (!areFolds || !one) {
    throw noModel(`it holds ${paths.length} networks whose paths do not differ in the fold alone (fold_0, fold_1, …)`);
  }
  return [one, ...rest];
}

/** Dimensions of what the network reads; null where it does not say. */
function rankOf(network: Uint8Array): number | null {
  return modelInputs(readModel(network))[0]?.dims?.length ?? null;
}

async function text(source: Source, path: string): Promise<string> {
  return Buffer.from(await source.read(path)).toString('utf8');
}

async function json(source: Source, path: string): Promise<unknown> {
  try {
    return JSON.parse(await text(source, path));
  } catch (error) {
    throw error instanceof LanternError ? error : noModel(`${path} is not JSON`);
  }
}

function checkedOrientation(orientation: string): string {
  const upper = orientation.toUpperCase();
  const pairs = ['LR', 'PA', 'SI'];
  if (upper.length === 3 && pairs.every((pair) => [...upper].filter((c) => pair.includes(c)).length === 1))
    return upper;
  throw new LanternError(
    'argument/orientation',
    'An orientation has three letters: one of L/R, one of P/A, one of S/I.',
    'Give, say, --orientation RAS.',
  );
}

function noModel(why: string): LanternError {
  return new LanternError(
    'model/no-source',
    `This is no model that can be imported: ${why}.`,
    'Give a model pack, an nnU-Net export (ONNX, dataset.json, plans.json) or a MONAI bundle with an ONNX network.',
  );
}

function noManifest(field: string): LanternError {
  return new LanternError(
    'model/not-understood',
    `What this export says of itself makes no usable manifest: ${field} is not right.`,
    'Ask the model’s makers for a model pack.',
  );
}

export function noPackIn(): LanternError {
  return noModel('it holds no manifest.json');
}
