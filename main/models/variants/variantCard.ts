/** card.md of a variant: what it lost and gained, first; then the card of the model that it was made from. */
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { ModelPack } from '../../inference/modelPack.ts';
import type { VariantMeasure } from './measureVariant.ts';

/** @param made how, a sentence or two */
export function variantCard(
  { name, classes }: ModelManifest,
  { manifest: parent, sha256, card }: ModelPack,
  measure: VariantMeasure,
  made: string,
): string {
  const nameOf = new Map(classes.map((one) => [one.value, one.name]));
  const rows = measure.cases.flatMap((one) =>
    [...one.dice].map(([value, dice]) => `| ${one.name} | ${cell(nameOf.get(value) ?? '')} | ${dice.toFixed(4)} |`),
  );
  const voxels = measure.cases.map(
    (one) => `${one.name}: ${one.differingVoxels} of ${one.voxels} voxels have another label.`,
  );
  const { seconds, speedup, window, processor, rewritten } = measure;
  const hasVolumes = measure.cases.length > 1;
  return [
    `# ${name}`,
    `A faster variant of “${parent.name}” (\`${parent.id}\` ${parent.version}, SHA-256 \`${sha256}\`). ${made}`,
    '## What it loses',
    'Dice against the mask of the model that it was made from. How well that model itself does stands in its own card below; **what ' +
      'is said there was measured on it and not on this variant**.',
    `| case | class | Dice |\n| --- | --- | --- |\n${rows.join('\n')}`,
    voxels.join(' '),
    hasVolumes
      ? 'The volumes are those that ranges were chosen on: other volumes may lose more. None of their voxels is in this pack.'
      : 'Nothing but the golden case was looked at, and the ranges were chosen on it: images of patients may lose more.',
    '## What it gains',
    `${speedup.toFixed(2)} times faster: ${milliseconds(seconds.variant)} instead of ${milliseconds(seconds.parent)} of processor time ` +
      `for a window of ${window.join(' × ')} voxels (median, in turn; ${processor}` +
      `${rewritten.parent ? '; the parent in the form that this program rewrites it to' : ''}). Another processor gives another figure.`,
    '## Golden case',
    'The picture is the parent’s; the labels are what this variant answered when it was made, so they show damage and not quality.',
    `---\n\nThe card of the model that it was made from:`,
    card.trim(),
    '',
  ].join('\n\n');
}

function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(seconds < 0.01 ? 2 : 0)} ms`;
}

function cell(text: string): string {
  return text.replace(/[|\r\n]+/g, ' ');
}
