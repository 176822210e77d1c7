/**
 * The binary routes of contract/blobRoutes.ts: volumes, labelmaps, edits, uploads, exports. One table; each row is a method, a
 * path and what answers it. Next: answers.ts, blobSources.ts.
 */
import { LanternError } from '#core/errors/lanternError.ts';
import { asLanternError } from '../jobs/jobs.ts';
import { readDoubt } from '../segmentations/doubtStore.ts';
import { bytesAnswer, errorAnswer, jsonAnswer, notFound, rangedAnswer } from './answers.ts';
import { labelmapBytes, thumbnailBytes, volumeSource } from './blobSources.ts';
import type { HostServices } from './services.ts';

interface BlobCall {
  readonly request: Request;
  readonly url: URL;
  readonly services: HostServices;
  /** What stood in the path's brackets. */
  readonly ids: readonly string[];
}
type BlobRoute = readonly [method: string, path: RegExp, answer: (call: BlobCall) => Promise<Response>];

const LARGEST_EDIT_BYTES = 256 << 20;
const OCTETS = 'application/octet-stream';

const routes: readonly BlobRoute[] = [
  ['GET', /^\/blob\/volumes\/([^/]+)$/, getVolume],
  ['GET', /^\/blob\/series\/([^/]+)\/thumbnail\.png$/, getThumbnail],
  ['GET', /^\/blob\/segmentations\/([^/]+)\/layers\/(\d{1,5})$/, getLayer],
  ['GET', /^\/blob\/segmentations\/([^/]+)\/doubt$/, getDoubt],
  ['GET', /^\/blob\/jobs\/([^/]+)\/coarse$/, getCoarseLook],
  ['PUT', /^\/blob\/segmentations\/([^/]+)\/edits$/, putEdit],
  ['POST', /^\/blob\/segmentations\/([^/]+)\/(undo|redo)$/, moveCursor],
  ['POST', /^\/blob\/uploads$/, beginUpload],
  ['PUT', /^\/blob\/uploads\/([^/]+)\/files$/, putUploadFile],
  ['DELETE', /^\/blob\/uploads\/([^/]+)$/, dropUpload],
  ['GET', /^\/blob\/exports\/([^/]+)$/, getExport],
  ['GET', /^\/blob\/explanations\/([^/]+)$/, getAttention],
];

/** @returns the route's answer; failures as JSON {code, message, hint} with status 422, or 404 */
export async function answerBlob(request: Request, url: URL, services: HostServices): Promise<Response> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  for (const [routeMethod, path, answer] of routes) {
    const match = path.exec(url.pathname);
    if (!match || routeMethod !== method) continue;
    try {
      return await answer({ request, url, services, ids: match.slice(1) });
    } catch (error) {
      const told = asLanternError(error);
      await services.faults.record(error, `${method} ${path.source}`);
      return errorAnswer(told, 422);
    }
  }
  return notFound();
}

async function getVolume({ request, services, ids: [volumeId = ''] }: BlobCall): Promise<Response> {
  return rangedAnswer(request, await volumeSource(services.session.require().vault, volumeId), OCTETS);
}

async function getThumbnail({ services, ids: [seriesId = ''] }: BlobCall): Promise<Response> {
  return bytesAnswer(await thumbnailBytes(services.session.require().vault, seriesId), 'image/png');
}

async function getLayer({ request, services, ids: [id = '', index = ''] }: BlobCall): Promise<Response> {
  const layer = await services.session.require().segmentations.layer(id, Number(index));
  const bytes = labelmapBytes(layer);
  const source = { total: bytes.byteLength, read: async (start: number, end: number) => bytes.subarray(start, end) };
  return rangedAnswer(request, source, OCTETS, { 'x-lantern-revision': String(layer.revision) });
}

async function getDoubt({ request, services, ids: [id = ''] }: BlobCall): Promise<Response> {
  const bytes = await readDoubt(services.session.require().vault, id);
  const source = { total: bytes.byteLength, read: async (start: number, end: number) => bytes.subarray(start, end) };
  return rangedAnswer(request, source, OCTETS);
}

async function getCoarseLook({ services, ids: [jobId = ''] }: BlobCall): Promise<Response> {
  services.session.require();
  const labels = services.coarseLabels.get(jobId);
  if (labels) return bytesAnswer(labels, OCTETS);
  throw new LanternError(
    'job/no-coarse-look',
    'There is no coarse preview of this run any more.',
    'Look at its result.',
  );
}

async function putEdit({ request, url, services, ids: [id = ''] }: BlobCall): Promise<Response> {
  const { segmentations } = services.session.require();
  const packet = await wholeBody(request, LARGEST_EDIT_BYTES);
  return jsonAnswer(await segmentations.commit(id, revisionOf(url), packet));
}

async function moveCursor({ url, services, ids: [id = '', way] }: BlobCall): Promise<Response> {
  const { segmentations } = services.session.require();
  const revision = revisionOf(url);
  const { packet, receipt } =
    way === 'undo' ? await segmentations.undo(id, revision) : await segmentations.redo(id, revision);
  return bytesAnswer(packet, OCTETS, { 'x-lantern-receipt': encodeURIComponent(JSON.stringify(receipt)) });
}

/** @throws argument/revision */
function revisionOf(url: URL): number {
  const revision = Number(url.searchParams.get('revision') ?? Number.NaN);
  if (Number.isSafeInteger(revision)) return revision;
  throw new LanternError('argument/revision', 'The change does not say on which revision it builds.', 'Open it again.');
}

async function beginUpload({ services }: BlobCall): Promise<Response> {
  return jsonAnswer({ uploadId: await services.uploads.begin(services.session.require().vault) });
}

async function putUploadFile({ request, url, services, ids: [uploadId = ''] }: BlobCall): Promise<Response> {
  services.session.require();
  await services.uploads.receive(uploadId, url.searchParams.get('path') ?? '', request.body);
  return jsonAnswer({ ok: true });
}

async function dropUpload({ services, ids: [uploadId = ''] }: BlobCall): Promise<Response> {
  services.session.require();
  await services.uploads.remove(uploadId);
  return jsonAnswer({ ok: true });
}

async function getExport({ request, services, ids: [jobId = ''] }: BlobCall): Promise<Response> {
  services.session.require();
  if (request.method === 'HEAD') return notFound();
  const { bytes, suggestedName } = services.exportResults.take(jobId);
  return bytesAnswer(bytes, OCTETS, {
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(suggestedName)}`,
  });
}

async function getAttention({ request, services, ids: [jobId = ''] }: BlobCall): Promise<Response> {
  services.session.require();
  if (request.method === 'HEAD') return notFound();
  return bytesAnswer(services.exportResults.take(jobId).bytes, OCTETS);
}

/** @throws argument/too-large before more than `largest` bytes are held */
async function wholeBody(request: Request, largest: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of request.body ?? []) {
    total += piece.byteLength;
    if (total > largest) {
      throw new LanternError('argument/too-large', 'This is larger than Lantern accepts.', 'Do it in smaller steps.');
    }
    pieces.push(piece);
  }
  const whole = new Uint8Array(total);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}
