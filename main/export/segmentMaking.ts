/** How a segment came to be, from its origin and its history: for the report's reader and for DICOM. */
import type { Provenance } from '#contract/schemas/provenance.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { EditCodes } from '../segmentations/editCodesBySegment.ts';
import { isPointedAt } from './pointingInWords.ts';

export interface SegmentMaking {
  /** @see DICOM PS3.3 C.8.20.4, Segment Algorithm Type (0062,0008) */
  readonly algorithmType: 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';
  readonly words: string;
}

/**
 * @param editCodes null: the older steps of the history are gone, so the segment may have been changed in any way
 * @param origins as segmentOrigins.ts tells them
 */
export function segmentMaking(
  { number, origin }: Pick<Segment, 'number' | 'origin'>,
  editCodes: EditCodes | null,
  origins: readonly Pick<Provenance, 'trace'>[] = [],
): SegmentMaking {
  const codes = editCodes === null ? null : (editCodes[String(number)] ?? []);
  switch (origin) {
    case 'model':
      if (origins[0] && isPointedAt(origins[0])) return pointed(codes?.length === 0);
      return codes?.length === 0
        ? { algorithmType: 'AUTOMATIC', words: 'proposed by the model' }
        : { algorithmType: 'SEMIAUTOMATIC', words: 'proposed by the model, changed since' };
    case 'preset':
      return codes?.every(isComputed)
        ? { algorithmType: 'SEMIAUTOMATIC', words: 'threshold' }
        : { algorithmType: 'SEMIAUTOMATIC', words: 'threshold, corrected by hand' };
    case 'manual':
      if (origins.length > 0) return pointed(codes?.every((code) => code === 'prompt/keep') ?? false);
      if (codes?.every((code) => !isComputed(code))) return { algorithmType: 'MANUAL', words: 'drawn by hand' };
      return codes?.every((code) => code === 'operation/threshold')
        ? { algorithmType: 'SEMIAUTOMATIC', words: 'threshold' }
        : { algorithmType: 'SEMIAUTOMATIC', words: 'drawn by hand and with computed steps' };
  }
}

/** @see DICOM PS3.3 C.8.20.4: "calculated with user assistance" */
function pointed(isAsItCame: boolean): SegmentMaking {
  const words = 'outlined by the model where a person pointed';
  return { algorithmType: 'SEMIAUTOMATIC', words: isAsItCame ? words : `${words}, changed by hand` };
}

function isComputed(code: string): boolean {
  return code.startsWith('operation/') || code === 'prompt/keep';
}
