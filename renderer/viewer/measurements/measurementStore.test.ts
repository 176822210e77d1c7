import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Measurement } from '#contract/schemas/measurement.ts';
import { worldPoint } from '#core/geometry/points.ts';
import { workArrived } from '../../app/workOnItsWay.ts';
import { useViewer } from '../viewerStore.ts';
import { figuresNow } from './figuresNow.ts';
import { closeMeasurements, commitMeasurement, completeMeasurements, undoMeasurement, useMeasurements } from './measurementStore.ts'; // biome-ignore format: one line

/** What the host was sent, in the order in which it had it. */
let arrived: { path: string; label: string }[];
let delaysMs: number[];

beforeEach(() => {
  arrived = [];
  delaysMs = [];
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' });
  vi.stubGlobal('fetch', async (request: Request) => {
    const { json } = (await request.json()) as { json: Measurement };
    await new Promise((resolve) => setTimeout(resolve, delaysMs.shift() ?? 0));
    arrived.push({ path: new URL(request.url).pathname, label: json.label });
    return Response.json({ json: { ok: true } });
  });
  const geometry = {
    size: [4, 4, 1],
    spacingMm: [1, 1, 1],
    originLps: worldPoint(0, 0, 0),
    direction: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  } as const; // biome-ignore format: one line
  useViewer.setState({
    volume: { geometry, scalars: new Int16Array(16).fill(-1024) },
    loading: { state: 'loading', doneBytes: 0, totalBytes: 32, error: null },
  });
});
afterEach(() => {
  closeMeasurements();
  vi.unstubAllGlobals();
});

const region: Measurement = {
  ...{ id: 'r', seriesId: 's', kind: 'rectangle', label: 'Region', color: '#ffffff', createdAt: '' },
  ...{ pointsLps: [[0, 0, 0], [2, 2, 0]], normalLps: [0, 0, 1], values: {} },
}; // biome-ignore format: one line

it('makes up no value of an image that has not arrived, and completes the measurement when it has', async () => {
  commitMeasurement(null, { ...region, values: figuresNow(region) });
  expect(useMeasurements.getState().list[0]?.values).toEqual({ areaMm2: 4, voxels: 9 });
  const { volume, loading } = useViewer.getState();
  volume?.scalars.fill(70);
  useViewer.setState({ loading: { ...loading, state: 'ready' } });
  completeMeasurements();
  expect(useMeasurements.getState().list[0]?.values).toMatchObject({ mean: 70, minimum: 70, areaMm2: 4 });
  await workArrived();
  expect(arrived.map(({ path }) => path)).toEqual(['/rpc/measurements/put', '/rpc/measurements/put']);
});

it('keeps changes in the order in which they were made, and whoever locks waits for them', async () => {
  delaysMs = [60, 5];
  commitMeasurement(null, region);
  commitMeasurement(region, { ...region, label: 'Renamed' });
  undoMeasurement();
  await workArrived();
  expect(arrived.map(({ label }) => label)).toEqual(['Region', 'Renamed', 'Region']);
});
