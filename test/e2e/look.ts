/** What a view looks like: brightness and colour of its screenshot. */
import type { Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';

export interface Look {
  readonly mean: number;
  readonly deviation: number;
  /** Pixels that are clearly not grey. */
  readonly coloured: number;
  /** Pixels of a colour that no image, plane or palette has, so that a test can look for what it coloured. */
  readonly magenta: number;
  /** Pixels between yellow and orange, as doubt is drawn. */
  readonly amber: number;
  /** 0 … 255, rows from the top. */
  readonly grey: Float32Array;
  readonly width: number;
}

export async function look(view: Locator): Promise<Look> {
  return lookOf(await view.screenshot());
}

/** @param clip CSS pixels of the page */
export async function lookAt(
  page: Page,
  clip: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Promise<Look> {
  return lookOf(await page.screenshot({ clip }));
}

function lookOf(png: Buffer): Look {
  const { data, width, height } = PNG.sync.read(png);
  const grey = new Float32Array(width * height);
  let coloured = 0;
  let magenta = 0;
  let amber = 0;
  for (let n = 0; n < grey.length; n++) {
    const [r = 0, g = 0, b = 0] = data.subarray(4 * n, 4 * n + 3);
    grey[n] = (r + g + b) / 3;
    if (Math.max(r, g, b) - Math.min(r, g, b) > 40) coloured++;
    if (Math.min(r, b) > g + 40 && Math.abs(r - b) < 30) magenta++;
    if (r > g + 25 && g > b + 40 && r < g + 110) amber++;
  }
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const deviation = Math.sqrt(grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length);
  return { mean, deviation, coloured, magenta, amber, grey, width };
}

/** @returns mean difference of brightness, 0 … 255 */
export function apart(a: Look, b: Look): number {
  return a.grey.reduce((sum, value, n) => sum + Math.abs(value - (b.grey[n] ?? 0)), 0) / a.grey.length;
}
