/**
 * Whether several models can answer together: the same classes on the same grid of voxels. How they scale intensities may differ,
 * each then reads its own.
 */
import { LanternError } from '../errors/lanternError.ts';
import { areExclusive } from './measureDoubt.ts';
import type { ModelClass, ModelManifest } from './modelManifest.ts';

/**
 * @param first what the result will be called and numbered after
 * @returns for each channel of the member the class of the first that it is
 * @throws model/ensemble-classes, model/ensemble-grid
 */
export function matchMember(first: ModelManifest, member: ModelManifest): number[] {
  const differs = gridDifference(first, member);
  if (differs) {
    throw new LanternError(
      'model/ensemble-grid',
      `“${first.name}” and “${member.name}” cannot answer together: they read ${differs}.`,
      'Choose models that were trained on the same kind of grid, or run each of them on its own.',
    );
  }
  const areAlike =
    areExclusive(first.output, first.classes) === areExclusive(member.output, member.classes) &&
    (first.output.overlapping ?? false) === (member.output.overlapping ?? false);
  if (!areAlike) {
    throw classesDiffer(first, member, 'one of them lets classes overlap and the other does not');
  }
  if (first.classes.length !== member.classes.length) {
    throw classesDiffer(first, member, `they have ${first.classes.length} and ${member.classes.length} classes`);
  }
  const channels = member.classes.map((one) => {
    const at = indexOf(first.classes, one, member.classes);
    if (at === -1) throw classesDiffer(first, member, `“${one.name}” is no class of “${first.name}”`);
    return at;
  });
  if (new Set(channels).size !== channels.length) {
    throw classesDiffer(first, member, 'two classes of one are a single class of the other');
  }
  return channels;
}

function indexOf(classes: readonly ModelClass[], one: ModelClass, own: readonly ModelClass[]): number {
  if (one.value === 0) return classes.findIndex(({ value }) => value === 0);
  const others = classes.map((c) => (c.value === 0 ? null : c));
  const byName = others.findIndex((c) => c !== null && c.name.toLowerCase() === one.name.toLowerCase());
  if (byName !== -1) return byName;
  const key = codeOf(one);
  const isUnique = (list: readonly (ModelClass | null)[]): boolean =>
    list.filter((c) => c !== null && codeOf(c) === key).length === 1;
  return key !== null && isUnique(own) && isUnique(others) ? others.findIndex((c) => c && codeOf(c) === key) : -1;
}

function codeOf({ codes }: ModelClass): string | null {
  return codes ? [codes.type.scheme, codes.type.value, codes.modifier?.value ?? ''].join(' ') : null;
}

function gridDifference({ input: a, window: aw }: ModelManifest, { input: b, window: bw }: ModelManifest): string {
  const same = (x: unknown, y: unknown): boolean => JSON.stringify(x) === JSON.stringify(y);
  if (!same(a.orientation, b.orientation)) return `images that lie ${a.orientation} and ${b.orientation}`;
  if (!same(a.spacingMm, b.spacingMm)) return 'voxels of different spacing';
  if (!same(a.grid, b.grid) || a.multipleOf !== b.multipleOf) return 'grids of different size';
  if (!same(aw.size, bw.size)) return 'windows of different size';
  const names = ({ channels }: ModelManifest['input']): string[] => channels.map(({ name }) => name);
  if (a.channels.length !== b.channels.length) return 'different numbers of images';
  if (a.channels.length > 1 && !same(names(a), names(b))) return 'different images';
  if ((a.dimensions ?? 3) !== (b.dimensions ?? 3) || (a.neighbours ?? 0) !== (b.neighbours ?? 0)) {
    return 'slices in different ways';
  }
  return '';
}

function classesDiffer(first: ModelManifest, member: ModelManifest, how: string): LanternError {
  return new LanternError(
    'model/ensemble-classes',
    `“${first.name}” and “${member.name}” cannot answer together: ${how}.`,
    'Choose models with the same classes.',
  );
}
