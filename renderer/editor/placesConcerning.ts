/** Which places to check concern segments that are there: for what was left out or deleted there is nothing to check. Used by doubtStore.ts. */
import type { PlaceOfDoubt } from '#contract/schemas/inference.ts';
import type { Segment } from '#core/segmentation/segment.ts';

export interface ListedPlace {
  readonly place: PlaceOfDoubt;
  /** Among all places: what it is remembered by, whatever the list holds. */
  readonly index: number;
}

export function placesConcerning(
  places: readonly PlaceOfDoubt[],
  segments: readonly Pick<Segment, 'number' | 'origin'>[],
): ListedPlace[] {
  // A class's segment has the class's number. Gone, its number may have been given to a segment that a person added.
  const there = new Set(segments.filter(({ origin }) => origin === 'model').map(({ number }) => number));
  return places
    .map((place, index) => ({ place, index }))
    .filter(({ place: { classes } }) => {
      const structures = classes.filter(({ value }) => value !== 0);
      return structures.length === 0 || structures.some(({ value }) => there.has(value));
    });
}
