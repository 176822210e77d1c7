import { describe, expect, it } from 'vitest';
import { indexPoint, worldPoint } from '../geometry/points.ts';
import { indexToWorld, type VolumeGeometry } from '../geometry/volumeGeometry.ts';
import { sliceLayout, slicePixelToIndex } from '../rendering/sliceLayout.ts';
import { applyDelta } from '../segmentation/delta.ts';
import { decodeEdit, encodeEdit } from '../segmentation/editPacket.ts';
import { emptyLabelmap } from '../segmentation/labelmap.ts';
import { newSegment } from '../segmentation/segmentEdits.ts';
import { writeMaskFor } from '../segmentation/writeMask.ts';
import { boxAnchors } from './boxAnchor.ts';
import { floodLevels } from './floodLevels.ts';
import { growRegions } from './growRegions.ts';
import { keepEdit } from './keepEdit.ts';
import { localStatistics } from './localStatistics.ts';
import { maskOfSlices } from './maskOfSlices.ts';
import { answerOnSlice, maskAsAnswer, networkFrame, networkPicture, toPicture } from './networkFrame.ts';
import { outlinedName } from './outlinedName.ts';
import { pixelsOfRuns, runsOfPixels } from './pixelRuns.ts';
import { promptPlace } from './promptPlace.ts';
import type { PromptSlice } from './promptSlice.ts';
import { overlap } from './sliceMask.ts';
import { smoothSlice } from './smoothSlice.ts';
import { testOrganSlice } from './testOrganSlice.ts';
import { testSlice } from './testSlice.ts';

const oblique: VolumeGeometry = {
  size: [40, 30, 12],
  spacingMm: [0.8, 1.2, 4],
  originLps: worldPoint(-20, 35, 100),
  direction: [
    [0.8, 0.6, 0],
    [0.6, -0.8, 0],
    [0, 0, -1],
  ],
};

describe('growth from a click', () => {
  it('takes the organ and stops at a neck to a neighbour of nearly its values', () => {
    const slice = testOrganSlice();
    const about = localStatistics(slice, 45, 45, 6);
    const smooth = smoothSlice(slice, about.deviation);
    const [best] = growRegions(smooth, about, [45 + 120 * 45], null);
    expect(overlap(best?.pixels ?? new Uint8Array(slice.organ.length), slice.organ)).toBeGreaterThan(0.94);
  });

  it('cuts a neck of seven millimetres too', () => {
    const slice = testOrganSlice(3);
    const about = localStatistics(slice, 45, 45, 6);
    const [best] = growRegions(smoothSlice(slice, about.deviation), about, [45 + 120 * 45], null);
    expect(overlap(best?.pixels ?? new Uint8Array(slice.organ.length), slice.organ)).toBeGreaterThan(0.94);
  });

  it('grows along a vessel narrower than that too', () => {
    const isVessel = (x: number, y: number): boolean => Math.abs(y - 45 - 10 * Math.sin(x / 15)) < 2;
    const slice = testSlice((x, y) => (isVessel(x, y) ? 100 : -80));
    const vessel = slice.values.map((_, o) => (isVessel(o % slice.width, Math.floor(o / slice.width)) ? 1 : 0));
    const seed = vessel.findIndex((inside, o) => inside === 1 && o % slice.width === 60) + 2 * slice.width;
    const about = { median: 100, deviation: 12 };
    const [best] = growRegions(smoothSlice(slice, about.deviation), about, [seed], null);
    expect(overlap(best?.pixels ?? new Uint8Array(vessel.length), Uint8Array.from(vessel))).toBeGreaterThan(0.9);
  });

  it('keeps out of pixels that were said to be outside', () => {
    const slice = testOrganSlice();
    const about = localStatistics(slice, 45, 45, 6);
    const barrier = Uint8Array.from(slice.organ, (_, o) => (o % slice.width < 40 ? 1 : 0));
    const [best] = growRegions(smoothSlice(slice, about.deviation), about, [45 + 120 * 45], barrier);
    expect(best?.pixels[30 + 120 * 45]).toBe(0);
    expect(best?.pixels[50 + 120 * 45]).toBe(1);
  });

  it('knows the smallest unlikeness that every way to a pixel must cross', () => {
    const cost = Uint8Array.from([0, 9, 1, 0, 5, 1, 0, 2, 1]);
    expect([...floodLevels(cost, 3, [0])]).toEqual([0, 9, 2, 0, 5, 2, 0, 2, 2]);
  });

  it('finds the tissue that most of a box is made of, though its middle is another', () => {
    const slice = testOrganSlice();
    const values = slice.values.map((v, o) => (Math.abs((o % 120) - 45) < 5 && Math.abs(o / 120 - 45) < 5 ? 300 : v));
    const [{ x, y } = { x: 0, y: 0 }] = boxAnchors({ ...slice, values }, { x0: 15, y0: 20, x1: 75, y1: 70 }, 6);
    expect(localStatistics({ ...slice, values }, x, y, 4).median).toBeCloseTo(100, -1.3);
  });
});

describe('the network’s picture', () => {
  it('brings a mask to the answers’ grid and back to the same pixels', () => {
    const slice = testOrganSlice();
    const back = answerOnSlice(slice, maskAsAnswer(slice, slice.organ));
    expect(
      overlap(
        Uint8Array.from(back, (s) => (s > 0 ? 1 : 0)),
        slice.organ,
      ),
    ).toBeGreaterThan(0.98);
  });

  it('shows the window from 0 to 1, with square pixels and nothing beyond the slice', () => {
    const slice: PromptSlice = { width: 4, height: 4, pixelSpacingMm: [2, 1], values: new Float32Array(16).fill(50) };
    const picture = networkPicture(slice, { lower: 0, upper: 100 });
    expect(networkFrame(slice)).toEqual({ scaleX: 256, scaleY: 128 });
    expect(toPicture(networkFrame(slice), 0, 0)).toEqual([128, 64]);
    expect([picture[0], picture[1024 * 511], picture[1024 * 513], picture[1024 * 1024]]).toEqual([0.5, 0.5, 0, 0.5]);
  });
});

describe('where a prompt lies', () => {
  const at = (i: number, j: number, k: number) => indexToWorld(oblique, indexPoint(i, j, k));
  const click = (i: number, j: number, k: number, inside = true) => ({ pointLps: at(i, j, k), inside });

  it('finds slice and pixel in an oblique, mirrored volume, and puts the mask on the same voxel', () => {
    const place = promptPlace(oblique, { points: [click(7, 21, 5)], boxLps: null, plane: null }, 'one');
    const [point] = place.prompt.points;
    expect(place.layout.plane).toBe('axial');
    const { x = -1, y = -1 } = point ?? {};
    const ijk = slicePixelToIndex(place.layout, Math.round(x), Math.round(y), place.index);
    expect(ijk.map((v) => Math.round(v))).toEqual([7, 21, 5]);
    const pixels = new Uint8Array(place.layout.width * place.layout.height);
    pixels[Math.round(x) + place.layout.width * Math.round(y)] = 1;
    const { voxels } = maskOfSlices(oblique, place.layout, [{ index: place.index, pixels }], 1);
    expect(voxels.indexOf(1)).toBe(7 + 40 * (21 + 30 * 5));
  });

  it('takes a box in any plane', () => {
    const place = promptPlace(oblique, { points: [], boxLps: [at(4, 6, 3), at(30, 6, 9)], plane: null }, 'one');
    expect(place.layout.plane).toBe(sliceLayout(oblique, 'coronal').axes.through.axis === 1 ? 'coronal' : 'sagittal');
    expect(place.index).toBe(6);
  });

  it.each([
    ['prompt/empty', { points: [], boxLps: null, plane: null }],
    ['prompt/only-outside', { points: [click(5, 5, 5, false)], boxLps: null, plane: null }],
    ['prompt/outside-volume', { points: [click(5, 5, 14)], boxLps: null, plane: null }],
    ['prompt/outside-volume', { points: [click(-3, 5, 5)], boxLps: null, plane: null }],
    ['prompt/empty-box', { points: [], boxLps: [at(4, 6, 3), at(4, 6, 3)] as const, plane: null }],
    ['prompt/thick-box', { points: [], boxLps: [at(4, 6, 3), at(30, 20, 5)] as const, plane: null }],
    ['prompt/several-slices', { points: [click(5, 5, 5), click(5, 5, 7)], boxLps: null, plane: null }],
  ] as const)('refuses with %s', (code, prompt) => {
    expect(() => promptPlace(oblique, prompt, 'one')).toThrow(expect.objectContaining({ code }));
  });

  it('keeps clicks of other slices for those where the whole structure is wanted', () => {
    const prompt = { points: [click(5, 5, 5), click(6, 6, 7, false)], boxLps: null, plane: null };
    const { elsewhere } = promptPlace(oblique, prompt, 'all');
    expect([...elsewhere.keys()]).toEqual([7]);
  });

  it('takes a volume of a single slice', () => {
    const flat = { ...oblique, size: [40, 30, 1] as const };
    expect(promptPlace(flat, { points: [click(5, 5, 0)], boxLps: null, plane: null }, 'all').index).toBe(0);
  });
});

describe('keeping a mask', () => {
  it('numbers what nobody has named', () => {
    expect(outlinedName([])).toBe('Outlined 1');
    expect(outlinedName(['Liver', 'Outlined 2', 'Outlined 10', 'Outlined twice'])).toBe('Outlined 11');
  });

  it('writes runs as an edit that spares a locked segment', () => {
    const layout = sliceLayout(oblique, 'axial');
    const pixels = new Uint8Array(layout.width * layout.height);
    pixels.fill(1, 3 * layout.width + 2, 3 * layout.width + 9);
    const runs = runsOfPixels(pixels, layout.width);
    expect(runs).toEqual([3 * layout.width + 2, 7]);
    expect(pixelsOfRuns(runs, pixels.length)).toEqual(pixels);
    const labelmap = emptyLabelmap(oblique.size);
    const mask = maskOfSlices(oblique, layout, [{ index: 4, pixels }], 1);
    labelmap.voxels[mask.voxels.indexOf(1)] = 2;
    const target = newSegment([], {});
    const other = { ...newSegment([target], {}), locked: true };
    const write = writeMaskFor([target, other], 1, { overwrite: 'unlocked' });
    const origin = {
      ...{ modelId: 'prompt', modelName: 'Prompt', modelVersion: '1', sha256: 'ab', provider: 'cpu', seconds: 1 },
      trace: [{ step: 'prompt', points: [{ pointLps: [1, 2, 3], inside: true }], boxLps: null }],
    };
    const edit = keepEdit({ plane: 'axial', index: 4, runs, origin }, oblique, labelmap, target, write);
    expect(decodeEdit(encodeEdit(edit)).origin).toEqual(origin);
    const [layer] = edit.deltas;
    if (layer) applyDelta(labelmap, layer.delta);
    expect(labelmap.voxels.filter((v) => v === 1)).toHaveLength(6);
    expect(labelmap.voxels.filter((v) => v === 2)).toHaveLength(1);
  });
});
