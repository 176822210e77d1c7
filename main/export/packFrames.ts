/** The voxels of segments as frames of one bit a pixel, each segment on its own, slices without it left out. */
import type { Labelmap } from '#core/segmentation/labelmap.ts';
import type { Segment } from '#core/segmentation/segment.ts';

export interface SegmentFrame {
  /** Index in the list of segments. */
  readonly segment: number;
  readonly k: number;
}

export interface PackedFrames {
  readonly frames: readonly SegmentFrame[];
  /** Bits of all frames on end, the first pixel in the lowest bit, even in length. @see DICOM PS3.5 8.1.1 */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly segmentsOverlap: boolean;
}

export function packFrames(layers: readonly Labelmap[], segments: readonly Segment[]): PackedFrames {
  const size = layers[0]?.size ?? [0, 0, 0];
  const pixels = size[0] * size[1];
  const indexOf = layers.map((_, layer) => {
    const byNumber = new Int32Array(65_536).fill(-1);
    segments.forEach((s, n) => {
      if (s.layer === layer) byNumber[s.number] = n;
    });
    return byNumber;
  });
  const present = segments.map(() => new Uint8Array(size[2]));
  const seen = new Uint8Array(layers.length > 1 ? pixels * size[2] : 0);
  let segmentsOverlap = false;
  layers.forEach(({ voxels }, layer) => {
    const byNumber = indexOf[layer]!;
    for (let at = 0; at < voxels.length; at++) {
      const n = voxels[at] === 0 ? -1 : byNumber[voxels[at]!]!;
      if (n < 0) continue;
      present[n]![Math.floor(at / pixels)] = 1;
      if (seen.length === 0) continue;
      segmentsOverlap ||= seen[at] === 1;
      seen[at] = 1;
    }
  });
  const frames: SegmentFrame[] = present.flatMap((slices, segment) =>
    [...slices].flatMap((has, k) => (has ? [{ segment, k }] : [])),
  );
  const bytes = Math.ceil((frames.length * pixels) / 8);
  const packed = new Uint8Array(bytes + (bytes % 2));
  frames.forEach(({ segment, k }, frame) => {
    const { number, layer } = segments[segment]!;
    const voxels = layers[layer]!.voxels;
    const from = k * pixels;
    const to = frame * pixels;
    for (let p = 0; p < pixels; p++) {
      if (voxels[from + p] === number) packed[(to + p) >> 3]! |= 1 << ((to + p) & 7);
    }
  });
  return { frames, pixels: packed, segmentsOverlap };
}
