/** The places to check, the most doubt first: number, classes in question, volume of doubt, peak; ticked when they were visited. */
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { PlaceOfDoubt } from '#contract/schemas/inference.ts';
import { mlInWords } from '../ui/volumeInWords.ts';
import { words } from '../words/index.ts';
import classes from './doubt.module.css';
import { goToDoubt, useDoubt } from './doubtStore.ts';

export function DoubtPlaces() {
  const places = useDoubt((state) => state.places);
  const visited = useDoubt((state) => state.visited);
  const current = useDoubt((state) => state.current);
  const w = words.doubt;
  if (places.length === 0) {
    return (
      <p className={classes['quiet']}>
        {w.none} {w.noneDetail}
      </p>
    );
  }
  return (
    <>
      <p className={classes['progress']} role="status">
        {w.checked(visited.size, places.length)}
      </p>
      <ol className={classes['places']} aria-label={w.list}>
        {places.map((place, index) => (
          <Place
            key={place.centreLps.join()}
            place={place}
            index={index}
            isVisited={visited.has(index)}
            isCurrent={index === current}
          />
        ))}
      </ol>
    </>
  );
}

interface PlaceProps {
  readonly place: PlaceOfDoubt;
  readonly index: number;
  readonly isVisited: boolean;
  readonly isCurrent: boolean;
}

function Place({ place, index, isVisited, isCurrent }: PlaceProps) {
  const row = useRef<HTMLLIElement>(null);
  const full = useDoubt((state) => state.full);
  useEffect(() => {
    if (isCurrent) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const w = words.doubt;
  return (
    <li ref={row} data-current={isCurrent || undefined}>
      <button
        type="button"
        title={w.rowTitle}
        aria-current={isCurrent ? 'location' : undefined}
        onClick={() => goToDoubt(index)}
      >
        <span className={classes['number']}>{index + 1}</span>
        <span className={classes['name']}>{inQuestion(place)}</span>
        <span className={classes['figure']}>{w.volume(mlInWords(place.doubtMl))}</span>
        <span className={classes['peak']}>{w.peak(Math.min(100, Math.round((100 * place.peak) / full)))}</span>
        <span className={classes['tick']}>
          {isVisited && <IconCheck size={14} stroke={1.8} role="img" aria-label={w.visited} />}
        </span>
      </button>
    </li>
  );
}

/** What a structure might not be stands last. */
function inQuestion({ classes: found }: PlaceOfDoubt): string {
  const w = words.doubt;
  const names = found.filter(({ value }) => value !== 0).map(({ name }) => name);
  return w.classes(names.length < found.length ? [...names, w.background] : names);
}
