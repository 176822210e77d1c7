/**
 * `models import`: a pack, an nnU-Net export or a MONAI bundle, as a folder or .zip file, becomes a pack of this machine: read, made
 * a pack if it is none, verified in a place of its own, and only then moved among the models. A pack that no trusted key signed needs
 * a person's word. Next: readSource.ts, verifyPack.ts.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { modelManifest } from '#contract/modelManifest.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { SOFTWARE_VERSION } from '../export/softwareVersion.ts';
import { trustedKeysFolder } from '../host/places.ts';
import { findPacks, idOf } from '../inference/modelPack.ts';
import { manifestClass } from './classTerms.ts';
import type { ForeignModel, ImportHints } from './foreignModel.ts';
import { modelCard } from './modelCard.ts';
import { monaiModel } from './monaiBundle.ts';
import { nnunetModel } from './nnunetExport.ts';
import { packFilesOf, packFolderIn } from './packFiles.ts';
import { readTrustedKeys } from './packSignature.ts';
import { readCodeTable } from './readCodeTable.ts';
import { readSource, type Source } from './readSource.ts';
import { verifyPack } from './verifyPack.ts';
import { writeFolderAtomically } from './writeFolderAtomically.ts';

export interface ImportOrder {
  readonly path: string;
  /** Where imported packs are kept, with trusted-keys/ in it. */
  readonly modelsFolder: string;
  /** Folders of packs whose ids are taken. */
  readonly shippedFolders: readonly string[];
  /** A person answers for a pack that no trusted key signed. */
  readonly trust: boolean;
  readonly orientation: string | null;
}

export interface ImportedModel {
  readonly id: string;
  readonly folder: string;
  readonly signedBy: string | null;
}

/** @throws model/no-source, model/not-trusted, model/id-taken, and what verifyPack finds first */
export async function importModel(order: ImportOrder): Promise<ImportedModel> {
  const files = await packOf(await readSource(order.path), order.orientation);
  await mkdir(order.modelsFolder, { recursive: true });
  const staging = await mkdtemp(join(order.modelsFolder, '.import-'));
  try {
    const staged = join(staging, 'pack');
    await writeFolderAtomically(staged, files);
    const keys = await readTrustedKeys(trustedKeysFolder(order.modelsFolder));
    const { id, problems, signedBy } = await verifyPack(staged, keys);
    const [problem] = problems;
    if (problem) throw problem;
    if (signedBy === null && !order.trust) throw notTrusted(id);
    const shipped = await findPacks(order.shippedFolders);
    if (shipped.some((pack) => idOf(pack) === id)) throw idTaken(id);
    const folder = join(order.modelsFolder, id);
    await writeFolderAtomically(folder, files, true);
    return { id, folder, signedBy };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function packOf(source: Source, orientation: string | null): Promise<Map<string, Uint8Array | string>> {
  const within = packFolderIn(source);
  if (within !== null) return packFilesOf(source, within);
  const find = (name: RegExp): string | undefined => source.paths.find((path) => name.test(path));
  const networks = source.paths.filter((path) => path.endsWith('.onnx'));
  const [network] = networks;
  if (!network) throw noModel('it holds no .onnx file');
  const table = find(/snomed.*\.csv$/i);
  const codes = readCodeTable(table ? await text(source, table) : '');
  const hints: ImportHints = { orientation: orientation && checkedOrientation(orientation), codes };
  const [dataset, plans] = [find(/(^|\/)dataset\.json$/), find(/(^|\/)plans\.json$/)];
  const metadata = find(/(^|\/)configs\/metadata\.json$/);
  if (networks.length > 1) throw noModel(`it holds ${networks.length} networks, and this version runs packs with one`);
  if (dataset && plans) {
    const model = nnunetModel(await json(source, dataset), await json(source, plans), network, hints);
    return foreignPack(source, model);
  }
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
  const network = await source.read(model.networkPath);
  const sha256 = createHash('sha256').update(network).digest('hex');
  const checked = modelManifest.safeParse({
    formatVersion: 1,
    ...model.manifest,
    classes: model.classes.map(manifestClass),
    files: [{ role: 'network', name: 'model.onnx', sha256 }],
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
    ['model.onnx', network],
    ['card.md', card],
  ]);
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

function notTrusted(id: string): LanternError {
  return new LanternError(
    'model/not-trusted',
    `The pack “${id}” is in order, but no key that this clinic trusts has signed it.`,
    'If you know where it comes from, import it again with --trust; else ask its maker for a signed pack.',
  );
}

function idTaken(id: string): LanternError {
  return new LanternError(
    'model/id-taken',
    `A model named “${id}” comes with the program and is not replaced.`,
    'Ask the model’s maker to give it a name of its own.',
  );
}
