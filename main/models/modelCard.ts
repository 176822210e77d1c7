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
    ['Output', `${manifest.classes.length} channels; the highest score wins`],
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

function inputInWords({ channels, orientation, spacingMm, grid, normalisation }: ModelManifest['input']): string {
  const size = grid ? `${grid.join(' × ')} voxels` : 'any size';
  const spacing = spacingMm ? `${spacingMm.join(' × ')} mm` : 'its own spacing';
  const { kind, ...settings } = normalisation;
  const numbers = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  const scaled = [kind, ...numbers].join(', ');
  return `${channels.map((c) => c.name).join(', ')}: ${size} of ${spacing}, ${orientation}; intensities: ${scaled}`;
}

function codeNotes(whole: readonly CodedClass[], uncoded: readonly CodedClass[]): string[] {
  return [
    ...(whole.length > 0
      ? [`Coded as the structure that they are a part of, for want of a code of their own: ${names(whole)}.`]
      : []),
    ...(uncoded.length > 0 ? [`Coded only as “Tissue”, because no code is known for certain: ${names(uncoded)}.`] : []),
  ];
}

function names(classes: readonly CodedClass[]): string {
  return classes.map((c) => c.name).join('; ');
}

function classRow({ value, name, codes }: CodedClass): string {
  const side = codes?.modifier ? `, ${codes.modifier.meaning}` : '';
  return `| ${value} | ${cell(name)} | ${codes?.type.scheme} ${codes?.type.value} ${cell(codes?.type.meaning ?? '')}${side} |`;
}

function cell(text: string): string {
  return text.replace(/[|\r\n]+/g, ' ');
}
