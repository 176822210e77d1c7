/** How a segment is called that was made where a person pointed, until that person names it. */

/** @param taken names of the segments beside it @returns "Outlined 1", or with the next number after the largest that is taken */
export function outlinedName(taken: readonly string[]): string {
  const numbers = taken.map((name) => Number(/^Outlined (\d{1,9})$/.exec(name)?.[1] ?? 0));
  return `Outlined ${Math.max(0, ...numbers) + 1}`;
}
