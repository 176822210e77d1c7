import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { waitForMe } from '../app/workOnItsWay.ts';
import { readStudies } from './readStudies.ts';
import { useWorklist } from './worklistStore.ts';

/** How often the host was asked for the list. */
let asked: number;
let arrive: () => void;
let forget: () => void;

beforeEach(() => {
  asked = 0;
  forget = waitForMe(
    () =>
      new Promise<void>((resolve) => {
        arrive = resolve;
      }),
  );
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' });
  vi.stubGlobal('fetch', async (request: Request) => {
    if (!request.url.endsWith('/studies/list')) throw new TypeError('fetch failed');
    asked++;
    return Response.json({ json: { studies: [] } });
  });
  useWorklist.getState().clear();
});
afterEach(() => {
  forget();
  vi.unstubAllGlobals();
});

it('shows the list at once, while work of a case that was left is still on its way, and again when it has arrived', async () => {
  readStudies();
  await vi.waitFor(() => expect(useWorklist.getState().studies).toEqual([]));
  expect(asked).toBe(1);
  arrive();
  await vi.waitFor(() => expect(asked).toBe(2));
});

it('is not asked again for a list that is not shown any more', async () => {
  const stop = readStudies();
  await vi.waitFor(() => expect(useWorklist.getState().studies).toEqual([]));
  stop();
  arrive();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).toBe(1);
});
