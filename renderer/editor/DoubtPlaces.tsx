/**
 * The places to check, the most doubt first: number, classes in question, volume of doubt; ticked when they were visited. The peak is
 * written where it says something: nearly every place has one where two classes are equally likely.
 */
import { IconCheck } from '@tabler/icons-react';
import { Fragment, useEffect, useRef } from 'react';
import type { PlaceOfDoubt } from '#contract/schemas/inference.ts';
import { mlInWords } from '../ui/volumeInWords.ts';
import { words } from '../words/index.ts';
import classes from './doubt.module.css';
import { goToDoubt, listedPlaces, useDoubt } from './doubtStore.ts';
import { useEditor } from './segmentationStore.ts';

export function DoubtPlaces() {
  const all = useDoubt((state) => state.places);
  const full = useDoubt((state) => state.full);
  const proposal = useEditor((state) => state.proposal);
  const current = useEditor((state) => state.current);
  const leftOut = useEditor((state) => state.leftOut);
  const places = listedPlaces(all, { proposal, current, leftOut });
  const visited = useDoubt((state) => state.visited);
  const currentPlace = useDoubt((state) => state.current);
  const w = words.doubt;
  if (places.length === 0) {
    return (
      <p className={classes['quiet']}>
        {all.length === 0 ? w.none : w.noneLeft} {w.noneDetail}
      </p>
    );
  }
  const peakOf = ({ peak }: PlaceOfDoubt) => Math.min(100, Math.round((100 * peak) / full));
  return (
    <>
      <p className={classes['progress']} role="status">
        {w.checked(places.filter(({ index }) => visited.has(index)).length, places.length)}
      </p>
      <ol
        className={classes['places']}
        aria-label={w.list}
        data-peaks={places.some(({ place }) => peakOf(place) < 100) || undefined}
      >
        {places.map(({ place, index }, n) => (
          <Place
            key={index}
            place={place}
            number={n + 1}
            index={index}
            peak={peakOf(place)}
            isVisited={visited.has(index)}
            isCurrent={index === currentPlace}
          />
        ))}
      </ol>
    </>
  );
}

interface PlaceProps {
  readonly place: PlaceOfDoubt;
  /** In the list, from 1. */
  readonly number: number;
  readonly index: number;
  /** % of the doubt of two classes that are equally likely */
  readonly peak: number;
  readonly isVisited: boolean;
  readonly isCurrent: boolean;
}

function Place({ place, number, index, peak, isVisited, isCurrent }: PlaceProps) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCurrent) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const w = words.doubt;
  const names = inQuestion(place);
  return (
    <li ref={row} data-current={isCurrent || undefined}>
      <button
        type="button"
        title={w.rowTitle(names, mlInWords(place.doubtMl), peak)}
        aria-current={isCurrent ? 'location' : undefined}
        onClick={() => goToDoubt(index)}
      >
        <span className={classes['number']}>{number}</span>
        <span className={classes['names']}>
          {names.map((name, n) => (
            <Fragment key={name}>
              {n > 0 && ' '}
              <span>{n < names.length - 1 ? w.before(name) : name}</span>
            </Fragment>
          ))}
        </span>
        <span className={classes['figure']}>{w.volume(mlInWords(place.doubtMl))}</span>
        <span className={classes['peak']}>{peak < 100 && w.peak(peak)}</span>
        <span className={classes['tick']}>
          {isVisited && <IconCheck size={14} stroke={1.8} role="img" aria-label={w.visited} />}
        </span>
      </button>
    </li>
  );
}

/** What a structure might not be stands last. */
function inQuestion({ classes: found }: PlaceOfDoubt): string[] {
  const w = words.doubt;
  const names = found.filter(({ value }) => value !== 0).map(({ name }) => name);
  return names.length < found.length ? [...names, w.background] : names;
}
