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
  if (frame.length < 64) throw damaged();
  const header = new DataView(frame.buffer, frame.byteOffset, 64);
  const planes = header.getUint32(0, true);
  if (planes !== bytesPerSample * samples) throw damaged();
  const out = new Uint8Array(pixels * bytesPerSample * samples);
  for (let plane = 0; plane < planes; plane++) {
    const start = header.getUint32(4 + 4 * plane, true);
    const end = plane + 1 < planes ? header.getUint32(8 + 4 * plane, true) : frame.length;
    if (start < 64 || end > frame.length || start > end) throw damaged();
    const sample = Math.floor(plane / bytesPerSample);
    const byte = bytesPerSample - 1 - (plane % bytesPerSample);
    unpackBits(frame, start, end, out, sample * pixels * bytesPerSample + byte, bytesPerSample, pixels);
  }
  return out;
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
      if (from + run > end) throw damaged();
      for (let n = 0; n < run; n++, to += stride) out[to] = packed[from + n]!;
      from += control + 1;
    } else if (control > 128) {
      if (from >= end) throw damaged();
      const value = packed[from++]!;
      const last = Math.min(to + (257 - control) * stride, stop);
      for (; to < last; to += stride) out[to] = value;
    }
  }
  if (to < stop) throw damaged();
}

function damaged(): LanternError {
  return new LanternError(
    'dicom/damaged-pixels',
    'The pixel data of this file is damaged or cut short.',
    'Copy the file from its source again.',
  );
}
