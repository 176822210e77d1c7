/** The middle slice of a series, small. The empty frame shows an icon until the picture is there, so that waiting is not black. */
import { IconPhoto, IconPhotoOff } from '@tabler/icons-react';
import { useState } from 'react';
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { SeriesSummary } from '#contract/schemas/study.ts';
import classes from './worklist.module.css';

export interface SeriesThumbnailProps {
  readonly series: Pick<SeriesSummary, 'id' | 'hasThumbnail'> | null;
  readonly large?: boolean;
  /** Empty where the words beside it say the same. */
  readonly alt?: string;
}

export function SeriesThumbnail({ series, large = false, alt = '' }: SeriesThumbnailProps) {
  const [shown, setShown] = useState('');
  const route = series?.hasThumbnail ? blobRoutes.thumbnail(series.id) : null;
  const isHere = route !== null && shown === route;
  const Icon = route === null ? IconPhotoOff : IconPhoto;
  return (
    <div className={classes[large ? 'preview' : 'thumb']} data-waiting={!isHere || undefined}>
      {!isHere && <Icon size={large ? 28 : 16} stroke={1.6} aria-hidden />}
      {route !== null && (
        <img src={route} alt={alt} decoding="async" draggable={false} onLoad={() => setShown(route)} />
      )}
    </div>
  );
}
