/** card.md of a pack that this program made from a foreign network: what it is, where it comes from, and what is not known of it. */
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { CodedClass } from './classTerms.ts';

export interface CardNotes {
  /** Where it was made from, a sentence. */
  readonly origin: string;
  /** What a reader must know, a sentence each. */
  readonly limits: readonly string[];
  /** As it came; empty when none came with it. */
  readonly licenceText: string;
}

export function modelCard(manifest: ModelManifest, classes: readonly CodedClass[], notes: CardNotes): string {
  const { input, training } = manifest;
  const rows = [
    ['Intended use', manifest.intendedUse],
    ['Input', inputInWords(input)],
    ['Output', outputInWords(manifest)],
    ['Training', `${training.population} Source: ${training.source}.`],
    ['Licence', manifest.licence],
    ['Made by', notes.origin],
  ];
  const listed = classes.filter((c) => c.value > 0);
  const whole = listed.filter((c) => c.coded === 'as-its-whole');
  const uncoded = listed.filter((c) => c.coded === 'not');
  return [
    `# ${manifest.name}`,
    `|  |  |\n| --- | --- |\n${rows.map(([a, b]) => `| ${a} | ${cell(b ?? '')} |`).join('\n')}`,
    '## Limits',
    [...notes.limits, ...codeNotes(whole, uncoded)].map((line) => `- ${line}`).join('\n'),
    '## Classes',
    `| value | name | code |\n| --- | --- | --- |\n${listed.map(classRow).join('\n')}`,
    ...(notes.licenceText
      ? ['## Licence', `\`\`\`\n${notes.licenceText.replaceAll('```', "'''").trim()}\n\`\`\``]
      : []),
    '',
  ].join('\n\n');
}

function outputInWords({ output, classes }: ModelManifest): string {
  if (output.kind === 'instances') return 'Single things, each with a mask and a score';
  if (output.overlapping)
    return `${classes.length} regions that may share voxels; each counts from ${output.threshold} on`;
  return `${classes.length} channels; the highest score wins`;
}

function inputInWords({
  channels,
  dimensions,
  orientation,
  spacingMm,
  grid,
  ...input
}: ModelManifest['input']): string {
  const size = grid ? `${grid.join(' × ')} voxels` : 'any size';
  const spacing = spacingMm ? `${spacingMm.map((mm) => mm ?? 'its own').join(' × ')} mm` : 'its own spacing';
  const read = dimensions === 2 ? `slice by slice, ${size}` : size;
  const own = channels.filter((c) => c.normalisation);
  const scaled = [
    ...(own.length < channels.length ? [scalingInWords(input.normalisation)] : []),
    ...own.map((c) => `${c.name} ${scalingInWords(c.normalisation ?? input.normalisation)}`),
  ].join('; ');
  return `${channels.map((c) => c.name).join(', ')}: ${read} of ${spacing}, ${orientation}; intensities: ${scaled}`;
}

function scalingInWords({ kind, ...settings }: ModelManifest['input']['normalisation']): string {
  return [kind, ...Object.entries(settings).map(([name, value]) => `${name} ${value}`)].join(', ');
}

function codeNotes(whole: readonly CodedClass[], uncoded: readonly CodedClass[]): string[] {
  return [
    ...(whole.length > 0
      ? [`Classes marked “part of” (${whole.length}) carry the code of the whole, for want of one of their own.`]
      : []),
    ...(uncoded.length > 0
      ? [`Classes coded as “Tissue” (${uncoded.length}) are so because no code of theirs is known for certain.`]
      : []),
  ];
}

function classRow({ value, name, codes, coded }: CodedClass): string {
  const side = codes?.modifier ? `, ${codes.modifier.meaning}` : '';
  const part = coded === 'as-its-whole' ? 'part of ' : '';
  return `| ${value} | ${cell(name)} | ${part}${codes?.type.scheme} ${codes?.type.value} ${cell(codes?.type.meaning ?? '')}${side} |`;
}

function cell(text: string): string {
  return text.replace(/[|\r\n]+/g, ' ');
}
