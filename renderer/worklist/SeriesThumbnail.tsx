/** The middle slice of a series, small. */
import { IconPhotoOff } from '@tabler/icons-react';
import { blobRoutes } from '#contract/blobRoutes.ts';
import type { SeriesSummary } from '#contract/schemas.ts';
import classes from './worklist.module.css';

export interface SeriesThumbnailProps {
  readonly series: Pick<SeriesSummary, 'id' | 'hasThumbnail'> | null;
  readonly large?: boolean;
  /** Empty where the words beside it say the same. */
  readonly alt?: string;
}

export function SeriesThumbnail({ series, large = false, alt = '' }: SeriesThumbnailProps) {
  return (
    <div className={classes[large ? 'preview' : 'thumb']}>
      {series?.hasThumbnail ? (
        <img src={blobRoutes.thumbnail(series.id)} alt={alt} loading="lazy" decoding="async" draggable={false} />
      ) : (
        <IconPhotoOff size={large ? 28 : 16} stroke={1.6} aria-hidden />
      )}
    </div>
  );
}
