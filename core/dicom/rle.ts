/**
 * DICOM RLE Lossless: byte planes, each packed with PackBits, the most significant byte first.
 * @see DICOM PS3.5 annex G
 */
import { LanternError } from '../errors/lanternError.ts';

/**
 * @param frame one frame's fragment(s), joined
 * @param pixels rows × columns
 * @param bytesPerSample 1, 2 or 4
 * @returns little-endian samples; more than one sample a pixel comes plane after plane
 * @throws dicom/damaged-pixels when the frame is too short
 */
export function decodeRle(frame: Uint8Array, pixels: number, bytesPerSample: number, samples = 1): Uint8Array {
  const out = new Uint8Array(pixels * bytesPerSample * samples);
  for (const [plane, { start, end }] of rlePlanes(frame, bytesPerSample * samples).entries()) {
    const sample = Math.floor(plane / bytesPerSample);
    const byte = bytesPerSample - 1 - (plane % bytesPerSample);
    unpackBits(frame, start, end, out, sample * pixels * bytesPerSample + byte, bytesPerSample, pixels);
  }
  return out;
}

/**
 * @param count of byte planes that the frame must have
 * @returns where in the frame each packed plane lies, the most significant byte first
 * @throws dicom/damaged-pixels
 */
export function rlePlanes(frame: Uint8Array, count: number): { start: number; end: number }[] {
  if (frame.length < 64) throw damagedRle();
  const header = new DataView(frame.buffer, frame.byteOffset, 64);
  // The header has room for fifteen.
  if (count > 15 || header.getUint32(0, true) !== count) throw damagedRle();
  return Array.from({ length: count }, (_, plane) => {
    const start = header.getUint32(4 + 4 * plane, true);
    const end = plane + 1 < count ? header.getUint32(8 + 4 * plane, true) : frame.length;
    if (start < 64 || end > frame.length || start > end) throw damagedRle();
    return { start, end };
  });
}

/** Writes `count` bytes to out[at], out[at + stride], … */
function unpackBits(
  packed: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
  stride: number,
  count: number,
): void {
  let from = start;
  let to = at;
  const stop = at + count * stride;
  while (to < stop && from < end) {
    const control = packed[from++]!;
    if (control < 128) {
      const run = Math.min(control + 1, (stop - to) / stride);
      if (from + run > end) throw damagedRle();
      for (let n = 0; n < run; n++, to += stride) out[to] = packed[from + n]!;
      from += control + 1;
    } else if (control > 128) {
      if (from >= end) throw damagedRle();
      const value = packed[from++]!;
      const last = Math.min(to + (257 - control) * stride, stop);
      for (; to < last; to += stride) out[to] = value;
    }
  }
  if (to < stop) throw damagedRle();
}

export function damagedRle(): LanternError {
  return new LanternError(
    'dicom/damaged-pixels',
    'The pixel data of this file is damaged or cut short.',
    'Copy the file from its source again.',
  );
}
