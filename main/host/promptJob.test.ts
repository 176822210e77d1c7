/** The real networks, through the host and the process, on a computer-made organ: box, clicks, the whole structure, errors. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobRoutes, REQUEST_HEADER } from '#contract/blobRoutes.ts';
import { inferenceResult } from '#contract/schemas/inference.ts';
import { promptPreview } from '#contract/schemas/prompt.ts';
import { writeNifti } from '#core/formats/nifti.ts';
import { worldPoint } from '#core/geometry/points.ts';
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import { keepEdit } from '#core/prompt/keepEdit.ts';
import { outlinedName } from '#core/prompt/outlinedName.ts';
import { pixelsOfRuns } from '#core/prompt/pixelRuns.ts';
import { overlap } from '#core/prompt/sliceMask.ts';
import type { Edit } from '#core/segmentation/edit.ts';
import { encodeEdit } from '#core/segmentation/editPacket.ts';
import { emptyLabelmap } from '#core/segmentation/labelmap.ts';
import { addSegmentEdit, newSegment } from '#core/segmentation/segmentEdits.ts';
import { writeMaskFor } from '#core/segmentation/writeMask.ts';
import { PROMPT_MODEL, PROMPT_MODEL_SHA256 } from '../prompt/promptModel.ts';
import { createHost, type Host } from './createHost.ts';
import { hostCalls } from './hostCalls.ts';

const size = [128, 112, 5] as const;
const geometry: VolumeGeometry = {
  size,
  spacingMm: [2, 2, 4],
  originLps: worldPoint(-128, -112, 50),
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
};
/** A liver-like shape in a body, present in the slices 1 to 3. */
const isOrgan = (x: number, y: number, k: number): boolean =>
  k >= 1 && k <= 3 && ((x - 42) / 26) ** 2 + ((y - 54) / 24) ** 2 < 1 && !((x - 66) ** 2 + (y - 66) ** 2 < 14 ** 2);
const truth = Uint8Array.from({ length: 128 * 112 }, (_, o) => (isOrgan(o % 128, Math.floor(o / 128), 2) ? 1 : 0));

let scratch: string;
let host: Host;
let seriesId: string;

const { call } = hostCalls(() => host);

async function commit(id: string, revision: number, edit: Edit): Promise<void> {
  const url = `http://lantern.invalid${blobRoutes.edits(id)}?revision=${revision}`;
  const headers = { [REQUEST_HEADER]: '1' };
  const answer = await host.handler(new Request(url, { method: 'PUT', headers, body: encodeEdit(edit) as BodyInit }));
  expect(answer.status, await answer.clone().text()).toBe(200);
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lantern-prompt-'));
  host = await createHost({ vaultFolder: join(scratch, 'vault'), modelFolders: [] });
  await call('vault/create', { name: 'Clinic', userName: 'Dr Test', passphrase: 'a quiet lantern at night' });
  let seed = 7;
  const random = (): number => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  const scalars = new Int16Array(128 * 112 * 5).map((_, o) => {
    const x = o % 128;
    const y = Math.floor(o / 128) % 112;
    const k = Math.floor(o / (128 * 112));
    const isBody = ((x - 64) / 58) ** 2 + ((y - 56) / 48) ** 2 < 1;
    const tissue = !isBody
      ? -1000
      : isOrgan(x, y, k)
        ? 110
        : ((x - 64) / 52) ** 2 + ((y - 56) / 42) ** 2 < 1
          ? 20
          : -90;
    return tissue + Math.round(40 * (random() + random() + random() - 1.5));
  });
  await writeFile(join(scratch, 'organ.nii'), writeNifti({ geometry, scalars }));
  const { jobId } = await call('imports/start', { paths: [join(scratch, 'organ.nii')] });
  const { result } = await host.jobs.settled(String(jobId));
  seriesId = (result as { series: string[] }).series[0] ?? '';
}, 60_000);
afterAll(async () => {
  await host.close();
  await rm(scratch, { recursive: true, force: true });
});

const lps = (x: number, y: number, k: number) => [-128 + 2 * x, -112 + 2 * y, 50 + 4 * k];
const click = { points: [{ pointLps: lps(40, 54, 2), inside: true }], boxLps: null, plane: null };
const box = { points: [], boxLps: [lps(16, 30, 2), lps(68, 78, 2)], plane: null };
const dice = (preview: unknown): number => {
  const { runs, width, height } = promptPreview.parse(preview);
  return overlap(pixelsOfRuns(runs, width * height), truth);
};

it('outlines an organ from a box and from a click, the second prompt without looking again', {
  timeout: 300_000,
}, async () => {
  const boxed = await call('prompts/preview', { seriesId, prompt: box });
  expect(dice(boxed)).toBeGreaterThan(0.9);
  const clicked = await call('prompts/preview', { seriesId, prompt: click });
  expect(dice(clicked)).toBeGreaterThan(0.9);
  const outside = { pointLps: lps(90, 54, 2), inside: false };
  const corrected = await call('prompts/preview', {
    seriesId,
    prompt: { ...click, points: [...click.points, outside] },
  });
  expect(dice(corrected)).toBeGreaterThan(0.9);
  expect(corrected).toMatchObject({ plane: 'axial', index: 2, embeddingMs: 0 });
});

it('follows the organ to its ends as a proposal that says where it comes from', { timeout: 500_000 }, async () => {
  const { jobId } = await call('prompts/propose', { seriesId, prompt: click, slices: 'all', name: 'Liver' });
  const job = await host.jobs.settled(String(jobId));
  expect(job).toMatchObject({ state: 'done' });
  const { segmentationId } = inferenceResult.parse(job.result);
  const got = await call('segmentations/get', { id: segmentationId });
  expect(got).toMatchObject({
    state: 'proposed',
    segments: [{ name: 'Liver', origin: 'model' }],
    provenance: {
      modelId: 'prompt',
      operator: 'Dr Test',
      trace: [{ step: 'prompt' }, { step: 'slices', first: 1, last: 3, prompted: 2 }, { step: 'window' }],
    },
  });
});

it.each([
  ['prompt/only-outside', { ...click, points: [{ pointLps: lps(40, 54, 2), inside: false }] }],
  ['prompt/outside-volume', { ...click, points: [{ pointLps: [0, 0, 5000], inside: true }] }],
  ['prompt/empty-box', { ...box, boxLps: [lps(40, 54, 2), lps(40, 54, 2)] }],
])('answers a bad prompt with %s', async (code, prompt) => {
  expect(await call('prompts/preview', { seriesId, prompt })).toMatchObject({ data: { code } });
});

it('keeps an outline of the window with model, hash, operator and clicks, and hands them over with the mask', {
  timeout: 300_000,
}, async () => {
  const preview = promptPreview.parse(await call('prompts/preview', { seriesId, prompt: click }));
  const { id } = await call('segmentations/create', { seriesId, name: 'Drawn' });
  const empty = { size, segments: [], layers: [emptyLabelmap(size)], voxels: new Map() };
  const segment = newSegment([], { name: outlinedName([]) });
  await commit(String(id), 0, addSegmentEdit(empty, segment));
  const write = writeMaskFor([segment], segment.number, { overwrite: 'unlocked' });
  await commit(String(id), 1, keepEdit(preview, geometry, emptyLabelmap(size), segment, write));
  const file = join(scratch, 'kept.nrrd');
  const { jobId } = await call('exports/start', { segmentationId: id, format: 'nrrd', file });
  expect(await host.jobs.settled(String(jobId))).toMatchObject({ state: 'done' });
  const header = (await readFile(file, 'latin1')).split('\n\n')[0];
  const record = /^Segment0_Origin:=(.*)$/m.exec(header ?? '')?.[1] ?? '';
  expect(JSON.parse(record.replaceAll('\\\\', '\\')).origins).toMatchObject([
    {
      ...{ modelId: 'prompt', modelName: PROMPT_MODEL.name, modelVersion: PROMPT_MODEL.version },
      ...{ sha256: PROMPT_MODEL_SHA256, provider: 'cpu', operator: 'Dr Test', at: expect.stringMatching(/^20\d\d-/) },
      trace: [
        { step: 'prompt', points: click.points, boxLps: null },
        { step: 'slices', plane: 'axial', prompted: 2 },
        { step: 'window' },
      ],
    },
  ]);
});

it('numbers what nobody named, so that two results are told apart', { timeout: 300_000 }, async () => {
  const names: string[] = [];
  for (let n = 0; n < 2; n++) {
    const { jobId } = await call('prompts/propose', { seriesId, prompt: click, slices: 'one' });
    const { segmentationId } = inferenceResult.parse((await host.jobs.settled(String(jobId))).result);
    names.push(String((await call('segmentations/get', { id: segmentationId }))['name']));
  }
  const [first = 0, second = 0] = names.map((name) => Number(/^Outlined (\d+)$/.exec(name)?.[1]));
  expect([first, second]).toEqual([expect.any(Number), first + 1]);
  expect(first).toBeGreaterThan(0);
});

it('lists the prompt model as one that answers to prompts', async () => {
  const { models } = await call('models/list', undefined);
  expect((models as { id: string; kind: string; problem: unknown }[]).find(({ id }) => id === 'prompt')).toMatchObject({
    kind: 'prompt',
    problem: null,
  });
});
