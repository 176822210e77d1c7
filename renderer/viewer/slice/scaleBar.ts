/** The bracket at the right edge of a view that shows a round length. CSS pixels. */
import { scaleBarMm, scaleBarText } from '#core/rendering/renderKeyImage.ts';
import type { ViewSize } from './sliceTransform.ts';

export interface ScaleBar {
  readonly text: string;
  readonly path: string;
}

const SHARE_OF_HEIGHT = 0.4;
const FROM_THE_RIGHT_PX = 14.5;

export function scaleBar({ pixelsPerMm }: { readonly pixelsPerMm: number }, { width, height }: ViewSize): ScaleBar {
  const lengthMm = scaleBarMm((height * SHARE_OF_HEIGHT) / pixelsPerMm);
  const half = (lengthMm * pixelsPerMm) / 2;
  const x = width - FROM_THE_RIGHT_PX;
  const [top, bottom] = [Math.round(height / 2 - half) + 0.5, Math.round(height / 2 + half) + 0.5];
  return { text: scaleBarText(lengthMm), path: `M${x - 5} ${top}H${x}V${bottom}H${x - 5}` };
}
