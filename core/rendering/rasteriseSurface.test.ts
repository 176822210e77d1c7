import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../geometry/points.ts';
import { type DrawnSurface, rasteriseSurface } from './rasteriseSurface.ts';
import type { RgbaImage } from './rgbaImage.ts';

/** A box around a centre, LPS mm. */
function box(centre: Vector3, half: number, color: string, opacity = 1): DrawnSurface {
  const positions = new Float32Array(24);
  for (let corner = 0; corner < 8; corner++) {
    for (let axis = 0; axis < 3; axis++) {
      positions[corner * 3 + axis] = centre[axis]! + ((corner >> axis) & 1 ? half : -half);
    }
  }
  const quads = [
    [0, 4, 6, 2],
    [1, 3, 7, 5],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 2, 3, 1],
    [4, 5, 7, 6],
  ] as const;
  const triangles = Uint32Array.from(quads.flatMap(([a, b, c, d]) => [a, b, c, a, c, d]));
  return { mesh: { positions, triangles }, color, opacity };
}

const FROM_THE_FRONT = { direction: [0, 1, 0], up: [0, 0, 1] } as const;

/** Mean place of the pixels whose channel is the strongest, in fractions of the picture. */
function placeOf(image: RgbaImage, channel: 0 | 1 | 2): [number, number] {
  let [x, y, count] = [0, 0, 0];
  for (let n = 0; n < image.width * image.height; n++) {
    const rgb = image.rgba.slice(4 * n, 4 * n + 3);
    if (rgb[channel]! > 40 && rgb.every((v, c) => c === channel || v < rgb[channel]! - 20)) {
      x += n % image.width;
      y += Math.floor(n / image.width);
      count++;
    }
  }
  return [x / count / image.width, y / count / image.height];
}

describe('rasteriseSurface', () => {
  it("shows the patient's left at the right and the head up, seen from the front", () => {
    const image = rasteriseSurface([box([50, 0, 0], 10, '#ff0000'), box([-50, 0, 60], 10, '#0000ff')], FROM_THE_FRONT, {
      width: 80,
      height: 80,
    });
    const [redX, redY] = placeOf(image, 0);
    const [blueX, blueY] = placeOf(image, 2);
    expect(redX).toBeGreaterThan(blueX + 0.4);
    expect(redY).toBeGreaterThan(blueY + 0.2);
  });

  it('hides what lies behind', () => {
    const front = box([0, -50, 0], 10, '#ff0000');
    const behind = box([0, 50, 0], 5, '#00ff00');
    for (const order of [
      [front, behind],
      [behind, front],
    ]) {
      const image = rasteriseSurface(order, FROM_THE_FRONT, { width: 40, height: 40 });
      const at = 4 * (20 * 40 + 20);
      expect(image.rgba[at]).toBeGreaterThan(image.rgba[at + 1]! + 50);
    }
  });

  it('lets what lies behind shine through a see-through surface, whatever their order', () => {
    const glass = box([0, -50, 0], 10, '#ff0000', 0.4);
    const behind = box([0, 50, 0], 5, '#00ff00');
    const pictures = [
      [glass, behind],
      [behind, glass],
    ].map((order) => rasteriseSurface(order, FROM_THE_FRONT, { width: 40, height: 40 }));
    expect(pictures[0]?.rgba).toEqual(pictures[1]?.rgba);
    const at = 4 * (20 * 40 + 20);
    expect(pictures[0]?.rgba[at]).toBeGreaterThan(30);
    expect(pictures[0]?.rgba[at + 1]).toBeGreaterThan(30);
  });

  it('gives the background alone for nothing', () => {
    const image = rasteriseSurface([], FROM_THE_FRONT, { width: 4, height: 3, background: [1, 2, 3] });
    expect([image.width, image.height]).toEqual([4, 3]);
    expect([...image.rgba.slice(0, 4)]).toEqual([1, 2, 3, 255]);
  });
});
