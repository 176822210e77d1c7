/** Which model it was, on what, when and for whom, in sentences: for the report. */
import type { Provenance } from '#contract/schemas/provenance.ts';
import { answersInWords } from './answersInWords.ts';
import { minutesUtc } from './minutesUtc.ts';

/** @returns sentences, one run of them for each model, provider and operator */
export function originInWords(origins: readonly Provenance[]): string {
  const groups = new Map<string, Provenance[]>();
  for (const origin of origins) {
    const { modelId, sha256, provider, operator } = origin;
    const key = JSON.stringify([modelId, sha256, provider, operator]);
    groups.set(key, [...(groups.get(key) ?? []), origin]);
  }
  return [...groups.values()].map(groupInWords).join(' ');
}

function groupInWords(group: Provenance[]): string {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) return '';
  const { modelName, modelVersion, modelId, sha256, provider, seconds, operator } = first;
  const when =
    first === last
      ? `in ${seconds.toFixed(1)} s at ${minutesUtc(first.at)} UTC`
      : `${group.length} times from ${minutesUtc(first.at)} to ${minutesUtc(last.at)} UTC`;
  const run = `${modelName}, version ${modelVersion} (${modelId}), weights ${sha256.slice(0, 12)}, run on ${provider} ${when} by ${operator}.`;
  return [run, ...group.map(answersInWords)].filter(Boolean).join(' ');
}
