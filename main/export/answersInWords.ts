/** How a model's answer came about where more than one network or view took part, or a person pointed: for the report and for DICOM. */
import type { Provenance } from '#contract/schemas/provenance.ts';
import { pointingInWords } from './pointingInWords.ts';

/** @returns sentences; empty where one network looked once at all of the series */
export function answersInWords({ members = [], flippedAxes = [], doubt, trace, region, cascade }: Provenance): string {
  const sentences: string[] = [];
  const pointing = pointingInWords({ trace });
  if (pointing !== null) sentences.push(pointing);
  if (region) {
    const at = region.aroundLps.map((mm) => mm.toFixed(1)).join(', ');
    sentences.push(`Only ${region.size.join(' × ')} voxels around (${at}) mm, chosen by a person, were looked at.`);
  }
  if (cascade) {
    sentences.push(`Only ${cascade.size.join(' × ')} voxels around what ${cascade.modelName} found were looked at.`);
  }
  if (members.length > 1) {
    const named = members.map((m) => `${m.modelName} ${m.modelVersion} (weights ${m.sha256.slice(0, 12)})`);
    sentences.push(`The probabilities of ${members.length} networks were averaged: ${named.join(', ')}.`);
  }
  if (flippedAxes.length > 0) {
    sentences.push(`The series was also shown flipped (${flippedAxes.join(', ')}), and the answers averaged.`);
  }
  if (doubt) {
    const what = doubt.kind === 'entropy' ? 'entropy over the classes' : 'largest binary entropy of a class';
    const of = doubt.answers > 1 ? `the mean of ${doubt.answers} answers` : 'one answer';
    sentences.push(`Its uncertainty was measured as the ${what} (${of}).`);
  }
  return sentences.join(' ');
}

/** Names and versions of all models that took part. */
export function algorithmName({ modelName, modelVersion, members = [] }: Provenance): string {
  const named = members.map((m) => `${m.modelName} ${m.modelVersion}`);
  return [...new Set(named.length > 0 ? named : [`${modelName} ${modelVersion}`])].join(' + ');
}
