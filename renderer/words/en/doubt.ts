/** English: where a network was unsure, and the places to check. */
export const doubt = {
  title: 'Places to check',
  reading: 'Looking where the network was unsure …',
  none: 'The network was not unsure anywhere.',
  noneLeft: 'None of the places concerns a segment that is here and ticked.',
  noneDetail: 'It may still be wrong: look at the whole.',
  notMeasured: 'Not measured: this result does not tell how sure the network was. Check all of it.',
  list: 'Places where the network was unsure',
  checked: (visited: number, all: number) => `${visited} of ${all} checked`,
  /** A class that another one follows. */
  before: (name: string) => `${name} /`,
  volume: (ml: string) => `${ml} ml`,
  background: 'background',
  peak: (percent: number) => `${percent} %`,
  rowTitle: (names: readonly string[], ml: string, peak: number) =>
    `${names.join(' / ')}: ${ml} ml of doubt, ${peak} % at its peak; at 100 % two classes are equally likely`,
  visited: 'checked',
  next: 'Next place to check',
  previous: 'Place to check before',
  show: 'Show doubt on the slices',
  hide: 'Hide doubt on the slices',
  legend: 'Colour of doubt',
  sure: 'sure',
  unsure: 'two classes equally likely',
  opacity: 'Strength',
  opacityOf: (percent: number) => `${percent} %`,
} as const;
