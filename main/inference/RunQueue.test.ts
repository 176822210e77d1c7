import { describe, expect, it } from 'vitest';
import { positionInWords, type RunPriority, RunQueue } from './RunQueue.ts';

/** Runs that end when the test says so. */
function bench(queue = new RunQueue()) {
  const order: string[] = [];
  const positions = new Map<string, number[]>();
  const ends = new Map<string, () => void>();
  const work = (name: string): Promise<void> => {
    order.push(name);
    return new Promise((resolve) => ends.set(name, resolve));
  };
  const start = (name: string, priority: RunPriority = 'interactive', signal = new AbortController().signal) => {
    positions.set(name, []);
    const moved = (position: number) => void positions.get(name)?.push(position);
    return queue.run({ priority, signal, moved }, () => work(name));
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { order, positions, work, start, end };
}

it('runs one at a time in the order of asking, and tells those that wait where they stand', async () => {
  const { order, positions, start, end } = bench();
  const runs = ['a', 'b', 'c'].map((name) => start(name));
  expect(order).toEqual(['a']);
  await end('a');
  expect(order).toEqual(['a', 'b']);
  await end('b');
  await end('c');
  await Promise.all(runs);
  expect(order).toEqual(['a', 'b', 'c']);
  expect(Object.fromEntries(positions)).toEqual({ a: [], b: [1], c: [2, 1] });
});

it('lets a person’s run pass those of a script, but not the one that runs, nor an earlier person’s', async () => {
  const { order, positions, start, end } = bench();
  const runs = [
    start('batch 1', 'batch'),
    start('batch 2', 'batch'),
    start('person 1'),
    start('batch 3', 'batch'),
    start('person 2'),
  ];
  for (const name of ['batch 1', 'person 1', 'person 2', 'batch 2', 'batch 3']) await end(name);
  await Promise.all(runs);
  expect(order).toEqual(['batch 1', 'person 1', 'person 2', 'batch 2', 'batch 3']);
  expect(positions.get('batch 2')).toEqual([1, 2, 3, 2, 1]);
});

describe('an explanation', () => {
  /** Explanations that give way when they are asked to. */
  function explaining() {
    const queue = new RunQueue();
    const all = bench(queue);
    const gaveWay: string[] = [];
    const explain = (name: string, signal = new AbortController().signal) =>
      queue.run({ priority: 'explanation', signal, moved: () => {} }, async (giveWay) => {
        const work = all.work(name);
        await Promise.race([work, new Promise((resolve) => giveWay.addEventListener('abort', resolve))]);
        if (giveWay.aborted) gaveWay.push(name);
        giveWay.throwIfAborted();
        return name;
      });
    return { ...all, explain, gaveWay };
  }

  it('gives way to a person’s run and goes on after it, before the others that wait', async () => {
    const { order, start, end, explain, gaveWay } = explaining();
    const explained = [explain('explanation 1'), explain('explanation 2')];
    const runs = [start('batch', 'batch')];
    await end('nobody');
    expect([order, gaveWay]).toEqual([['explanation 1'], []]);
    runs.push(start('person'));
    await end('nobody');
    expect([order, gaveWay]).toEqual([['explanation 1', 'person'], ['explanation 1']]);
    for (const name of ['person', 'explanation 1', 'explanation 2', 'batch']) await end(name);
    expect(await Promise.all(explained)).toEqual(['explanation 1', 'explanation 2']);
    await Promise.all(runs);
    expect(order.slice(2)).toEqual(['explanation 1', 'explanation 2', 'batch']);
  });

  it('that has given way leaves when it is cancelled, and one that gives no way ends first', async () => {
    const { order, start, end, explain } = explaining();
    const cancelled = new AbortController();
    const explained = explain('explanation', cancelled.signal);
    const person = start('person');
    await end('nobody');
    cancelled.abort(new Error('a person cancelled'));
    await expect(explained).rejects.toThrow('a person cancelled');
    const stubborn = start('stubborn', 'explanation');
    await end('person');
    const next = start('next');
    await end('stubborn');
    await end('next');
    await Promise.all([person, stubborn, next]);
    expect(order).toEqual(['explanation', 'person', 'stubborn', 'next']);
  });
});

it('takes one that is cancelled out of the queue at once and moves the others up', async () => {
  const { order, positions, start, end } = bench();
  const cancelled = new AbortController();
  const [a, b, c] = [start('a'), start('b', 'interactive', cancelled.signal), start('c')];
  cancelled.abort(new Error('a person cancelled'));
  await expect(b).rejects.toThrow('a person cancelled');
  expect(positions.get('c')).toEqual([2, 1]);
  await end('a');
  await end('c');
  await Promise.all([a, c]);
  expect(order).toEqual(['a', 'c']);
});

it('refuses one that was cancelled before it asked', async () => {
  const { start, order } = bench();
  await expect(start('late', 'interactive', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  expect(order).toEqual([]);
});

it('goes on after a run that failed', async () => {
  const queue = new RunQueue();
  const place = { priority: 'interactive', signal: new AbortController().signal, moved: () => {} } as const;
  const failed = queue.run(place, () => Promise.reject(new Error('crashed')));
  const after = queue.run(place, async () => 'done');
  await expect(failed).rejects.toThrow('crashed');
  expect(await after).toBe('done');
});

it('refuses with a next step when it is full, and a script’s crowd does not shut a person out', async () => {
  const { start, end } = bench(new RunQueue({ interactive: 1, explanation: 1, batch: 2 }));
  const runs = [start('a', 'batch'), start('b', 'batch'), start('c', 'batch')];
  await expect(start('d', 'batch')).rejects.toMatchObject({
    code: 'model/queue-full',
    message: '2 runs are waiting already, and this one was not taken.',
    hint: expect.stringContaining('cancel one'),
  });
  const person = start('person');
  for (const name of ['a', 'person', 'b', 'c']) await end(name);
  await Promise.all([...runs, person]);
});

it.each([
  [1, 'Next in the queue'],
  [2, 'Second in the queue'],
  [14, 'Number 14 in the queue'],
])('says %i as “%s”', (position, words) => expect(positionInWords(position)).toBe(words));
