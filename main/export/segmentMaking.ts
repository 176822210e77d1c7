/** How a segment came to be, from its origin and its history: for the report's reader and for DICOM. */
import type { Segment } from '#core/segmentation/segment.ts';
import type { EditCodes } from '../segmentations/editCodesBySegment.ts';

export interface SegmentMaking {
  /** @see DICOM PS3.3 C.8.20.4, Segment Algorithm Type (0062,0008) */
  readonly algorithmType: 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';
  readonly words: string;
}

/** @param editCodes null: the older steps of the history are gone, so the segment may have been changed in any way */
export function segmentMaking(
  { number, origin }: Pick<Segment, 'number' | 'origin'>,
  editCodes: EditCodes | null,
): SegmentMaking {
  const codes = editCodes === null ? null : (editCodes[String(number)] ?? []);
  switch (origin) {
    case 'model':
      return codes?.length === 0
        ? { algorithmType: 'AUTOMATIC', words: 'proposed by the model' }
        : { algorithmType: 'SEMIAUTOMATIC', words: 'proposed by the model, changed since' };
    case 'preset':
      return codes?.every(isComputed)
        ? { algorithmType: 'SEMIAUTOMATIC', words: 'threshold' }
        : { algorithmType: 'SEMIAUTOMATIC', words: 'threshold, corrected by hand' };
    case 'manual':
      if (codes?.every((code) => !isComputed(code))) return { algorithmType: 'MANUAL', words: 'drawn by hand' };
      return codes?.every((code) => code === 'operation/threshold')
        ? { algorithmType: 'SEMIAUTOMATIC', words: 'threshold' }
        : { algorithmType: 'SEMIAUTOMATIC', words: 'drawn by hand and with computed steps' };
  }
}

function isComputed(code: string): boolean {
  return code.startsWith('operation/');
}
