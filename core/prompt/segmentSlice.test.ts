import { describe, expect, it } from 'vitest';
import { boxAnchors } from './boxAnchor.ts';
import { localStatistics } from './localStatistics.ts';
import { answerOnSlice, maskAsAnswer, networkFrame } from './networkFrame.ts';
import type { NetworkQuestion, PromptNetwork } from './promptNetwork.ts';
import type { PromptSlice, SliceBox } from './promptSlice.ts';
import { segmentSlice } from './segmentSlice.ts';
import { overlap, pixelsWhere } from './sliceMask.ts';
import { testOrganSlice } from './testOrganSlice.ts';
import { testSlice } from './testSlice.ts';
import { usualPlace } from './usualPlace.ts';

interface Asked {
  readonly box: SliceBox | null;
  readonly earlier: Float32Array | null;
}

/** A network that sees in each box what it is told to, and remembers what it was asked. */
function seeing(
  slice: PromptSlice,
  pixelsIn: (box: SliceBox | null) => Uint8Array,
): PromptNetwork & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const ask = (question: NetworkQuestion) => {
    const box = boxAsked(slice, question);
    asked.push({ box, earlier: question.earlier });
    return Promise.resolve({ scores: maskAsAnswer(slice, pixelsIn(box)), predictedIou: 0.9 });
  };
  return { asked, look: () => Promise.resolve({ ask }) };
}

function boxAsked(slice: PromptSlice, { coordinates, labels }: NetworkQuestion): SliceBox | null {
  const corner = labels.indexOf(2);
  if (corner < 0) return null;
  const { scaleX, scaleY } = networkFrame(slice);
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = coordinates.slice(2 * corner);
  const [left, top, right, bottom] = [x0 / scaleX, y0 / scaleY, x1 / scaleX - 1, y1 / scaleY - 1].map(Math.round);
  return { x0: left!, y0: top!, x1: right!, y1: bottom! };
}

function part(slice: PromptSlice, pixels: Uint8Array, fromX: number, toX: number): Uint8Array {
  return pixelsWhere(pixels, (inside, o) => inside === 1 && o % slice.width >= fromX && o % slice.width < toX);
}

/** Whether the neighbour behind the neck is in it. */
const isWide = (box: SliceBox | null): boolean => (box?.x1 ?? 0) > 100;
const CLICK = { points: [{ x: 45, y: 45, inside: true }], box: null };
const BOX = { x0: 15, y0: 20, x1: 75, y1: 70 };

describe('a click', () => {
  it('asks once where the network and the image agree', async () => {
    const slice = testOrganSlice();
    const network = seeing(slice, () => slice.organ);
    const { pixels } = await segmentSlice(slice, CLICK, network);
    expect(overlap(pixels, slice.organ)).toBeGreaterThan(0.94);
    expect(network.asked.map(({ earlier }) => earlier)).toEqual([null]);
  });

  it('asks about each region that differs where they do not, then about the best with what was found', async () => {
    const slice = testOrganSlice(3);
    const network = seeing(slice, () => part(slice, slice.organ, 0, 45));
    await segmentSlice(slice, CLICK, network);
    const [alone, joint, again] = network.asked;
    expect(network.asked.map(({ box }) => isWide(box))).toEqual([false, true, false]);
    expect(again?.box).toEqual(alone?.box);
    expect([alone?.earlier, joint?.earlier]).toEqual([null, null]);
    // Both took it, only the image did, neither did.
    const shown = answerOnSlice(slice, again?.earlier ?? new Float32Array());
    expect([30, 60, 98].map((x) => shown[x + slice.width * 45])).toEqual([6, 0, -6]);
  });

  it('asks about three regions at most, however many the image offers', async () => {
    const rings = [10, 16, 23, 31, 40];
    const values = [100, 78, 65, 52, 40, -80];
    const valueAt = (x: number, y: number): number =>
      values[rings.filter((radius) => Math.hypot(x - 45, y - 45) >= radius).length] ?? 0;
    const slice = testSlice(valueAt);
    const dot = pixelsWhere(slice.values, (_, o) => Math.hypot((o % 120) - 45, Math.floor(o / 120) - 45) < 4);
    const network = seeing(slice, () => dot);
    await segmentSlice(slice, CLICK, network);
    const boxes = network.asked.map(({ box }) => JSON.stringify(box));
    expect(boxes).toHaveLength(4);
    expect(new Set(boxes).size).toBe(3);
  });

  it('takes a region that the network agrees with more, though the image rather offers another', async () => {
    const slice = testOrganSlice(3);
    const sliver = part(slice, slice.organ, 0, 25);
    const most = part(slice, slice.both, 42, 120);
    const network = seeing(slice, (box) => (isWide(box) ? most : sliver));
    const { pixels } = await segmentSlice(slice, CLICK, network);
    expect(network.asked.map(({ box }) => isWide(box))).toEqual([false, true, true]);
    expect(overlap(pixels, slice.both)).toBeGreaterThan(overlap(pixels, slice.organ));
  });

  it('ends with a later region that the network agrees with', async () => {
    const slice = testOrganSlice(3);
    const sliver = part(slice, slice.organ, 0, 25);
    const network = seeing(slice, (box) => (isWide(box) ? slice.both : sliver));
    const { pixels } = await segmentSlice(slice, CLICK, network);
    expect(network.asked.map(({ box, earlier }) => [isWide(box), earlier])).toEqual([
      [false, null],
      [true, null],
    ]);
    expect(overlap(pixels, slice.both)).toBeGreaterThan(0.94);
  });

  it('comes back to an earlier region that ranks higher and that the network nearly agreed with', async () => {
    const slice = testOrganSlice(3);
    const most = part(slice, slice.organ, 38, 120);
    const network = seeing(slice, (box) => (isWide(box) ? slice.both : most));
    const { pixels } = await segmentSlice(slice, CLICK, network);
    expect(network.asked.map(({ box, earlier }) => [isWide(box), earlier === null])).toEqual([
      [false, true],
      [true, true],
      [false, false],
    ]);
    expect(overlap(pixels, slice.organ)).toBeGreaterThan(0.9);
  });

  it('asks about an organ before the body around it, though the body has the clearer outline', async () => {
    const isIn = (x: number, y: number, a: number, b: number): boolean => (x / a) ** 2 + (y / b) ** 2 < 1;
    const slice = testSlice((x, y) => (isIn(x - 45, y - 45, 18, 18) ? 100 : isIn(x - 60, y - 45, 57, 42) ? 70 : -80));
    const seen = pixelsWhere(slice.values, (_, o) => isIn((o % 120) - 40, Math.floor(o / 120) - 45, 8, 8));
    const network = seeing(slice, () => seen);
    await segmentSlice(slice, CLICK, network);
    const boxes = network.asked.map(({ box }) => box);
    expect(boxes.map(isWide)).toContain(true);
    expect(isWide(boxes[0] ?? null)).toBe(false);
    expect(boxes.at(-1)).toEqual(boxes[0]);
  });

  it('is judged by two and a half pixels around it where six millimetres hold fewer, in a box too', async () => {
    const slice = testOrganSlice(2, 3);
    const network = seeing(slice, () => slice.organ);
    const expected = usualPlace(slice, { x: 45, y: 45 }, 7.5).about;
    expect(usualPlace(slice, { x: 45, y: 45 }, 6).about).not.toEqual(expected);
    expect((await segmentSlice(slice, CLICK, network)).about).toEqual(expected);
    expect((await segmentSlice(slice, { ...CLICK, box: BOX }, network)).about).toEqual(expected);
  });
});

describe('a box', () => {
  const prompt = { points: [], box: BOX };

  it('is asked about twice, the second time with what was found', async () => {
    const slice = testOrganSlice();
    const network = seeing(slice, () => part(slice, slice.organ, 0, 45));
    await segmentSlice(slice, prompt, network);
    const [first, again] = network.asked;
    expect(network.asked.map(({ box }) => box)).toEqual([BOX, BOX]);
    expect(first?.earlier).toBeNull();
    const shown = answerOnSlice(slice, again?.earlier ?? new Float32Array());
    expect([30, 60, 98].map((x) => shown[x + slice.width * 45])).toEqual([6, 0, -6]);
  });

  it('leaves the network alone with its answer where the image offers something else', async () => {
    const slice = testOrganSlice();
    const seen = part(slice, slice.organ, 0, 25);
    const network = seeing(slice, () => seen);
    await segmentSlice(slice, prompt, network);
    expect(network.asked.map(({ earlier }) => earlier)).toEqual([null, maskAsAnswer(slice, seen)]);
  });

  it('says that nothing was found where the network sees nothing in it', async () => {
    const slice = testOrganSlice();
    const network = seeing(slice, () => new Uint8Array(slice.organ.length));
    await expect(segmentSlice(slice, prompt, network)).rejects.toMatchObject({
      code: 'prompt/nothing-found',
      message: 'Nothing was found in this box.',
    });
  });

  it('is judged by six millimetres around a quiet place, however few pixels they hold', async () => {
    const slice = testOrganSlice(2, 3);
    const { about } = await segmentSlice(
      slice,
      prompt,
      seeing(slice, () => slice.organ),
    );
    const places = boxAnchors(slice, BOX, 6);
    expect(places.map(({ x, y }) => localStatistics(slice, x, y, 6))).toContainEqual(about);
    expect(places.map(({ x, y }) => localStatistics(slice, x, y, 7.5))).not.toContainEqual(about);
  });
});
