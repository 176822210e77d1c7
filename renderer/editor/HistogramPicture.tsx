/** The histogram with the chosen range in the action colour. */
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import type { Histogram } from './histogramOf.ts';

const WIDTH = 288;
const HEIGHT = 48;

export interface HistogramPictureProps {
  readonly histogram: Histogram;
  readonly lower: number;
  readonly upper: number;
}

export function HistogramPicture({ histogram, lower, upper }: HistogramPictureProps) {
  const { min, max, heights } = histogram;
  const bar = WIDTH / heights.length;
  const valueAt = (bin: number) => min + ((bin + 0.5) * (max - min)) / heights.length;
  return (
    <svg
      className={classes['histogram']}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.editor.threshold.histogram}
    >
      {heights.map((height, bin) => (
        <rect
          // The bins are their places: they never move.
          key={valueAt(bin)}
          x={bin * bar}
          y={HEIGHT * (1 - height)}
          width={bar * 0.9}
          height={HEIGHT * height}
          data-chosen={(valueAt(bin) >= lower && valueAt(bin) <= upper) || undefined}
        />
      ))}
    </svg>
  );
}
