/** Which series is which channel of a network: stated by a person, never guessed. The series that was asked for is the first channel. */
import { LanternError } from '#core/errors/lanternError.ts';
import { seriesNames } from '#core/inference/inputTensor.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';

export interface StatedChannel<T> {
  readonly name: string;
  readonly series: T;
}

/**
 * @param first the series that was asked for
 * @returns one series for each name that the manifest has, in its order, the first one first
 * @throws model/channels-unstated, model/channel-unknown, model/channel-twice
 */
export function channelSeries<T>(manifest: ModelManifest, first: T, stated: readonly StatedChannel<T>[]): [T, ...T[]] {
  const names = seriesNames(manifest.input);
  const [firstName = '', ...others] = names;
  const extra = stated.find(({ name }) => !names.includes(name));
  if (extra) throw unknown(manifest.name, extra.name, names);
  const firstStated = stated.find(({ name }) => name === firstName);
  if (firstStated && firstStated.series !== first) throw notFirst(firstName);
  const series = others.map((name) => {
    const found = stated.filter((channel) => channel.name === name);
    const [one] = found;
    if (!one) throw unstated(manifest.name, names);
    if (found.length > 1) throw twice(name);
    return one.series;
  });
  if (new Set([first, ...series]).size <= series.length) throw twice(null);
  return [first, ...series];
}

function unstated(model: string, names: readonly string[]): LanternError {
  const [first, ...others] = names;
  return new LanternError(
    'model/channels-unstated',
    `“${model}” reads ${names.length} series together: ${names.join(', ')}.`,
    `The series itself is “${first}”, and the mask lies on its grid. State the others: ${others
      .map((name) => `--channel "${name}=SERIES"`)
      .join(' ')}.`,
  );
}

function unknown(model: string, name: string, names: readonly string[]): LanternError {
  return new LanternError(
    'model/channel-unknown',
    `“${model}” has no channel “${name}”; it reads ${names.join(', ')}.`,
    'Use these names.',
  );
}

function notFirst(name: string): LanternError {
  return new LanternError(
    'model/channel-not-first',
    `The series that is to be segmented must be the channel “${name}”, on whose grid the mask lies.`,
    `Give the series of “${name}” first.`,
  );
}

function twice(name: string | null): LanternError {
  return new LanternError(
    'model/channel-twice',
    name === null ? 'One series was stated for two channels.' : `Two series were stated for the channel “${name}”.`,
    'Each channel needs a series of its own.',
  );
}
