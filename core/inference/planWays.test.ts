import { describe, expect, it } from 'vitest';
import { lateralPartners } from './lateralPartners.ts';
import type { ModelClass } from './modelManifest.ts';
import { mirroredLooks, planFlips } from './planFlips.ts';
import { planWays } from './planWays.ts';
import { testManifest } from './testManifest.ts';

const concept = (value: string) => ({ value, scheme: 'SCT', meaning: value });
const LEFT = concept('7771000');
const RIGHT = concept('24028007');

function named(...names: string[]): ModelClass[] {
  return names.map((name, value) => ({
    value,
    name,
    color: '#ffffff',
    codes: { category: concept('1'), type: concept(`type of ${name}`) },
  }));
}

const coded = (value: number, name: string, type: string, modifier?: typeof LEFT): ModelClass => ({
  value,
  name,
  color: '#ffffff',
  codes: { category: concept('1'), type: concept(type), ...(modifier && { modifier }) },
});

describe('the mirror image of a class', () => {
  it('is found by the names that networks use', () => {
    expect(lateralPartners(named('Background', 'Left kidney', 'Right kidney', 'Spleen'))).toEqual([0, 2, 1, 3]);
    expect(lateralPartners(named('lung_upper_left', 'lung_upper_right'))).toEqual([1, 0]);
    expect(lateralPartners(named('ctx-lh-cuneus', 'ctx-rh-cuneus', 'Kidney, L', 'Kidney, R'))).toEqual([1, 0, 3, 2]);
  });

  it('is found by the SNOMED laterality', () => {
    const classes = [
      coded(1, 'Nephros sinister', '64033007', LEFT),
      coded(2, 'Nephros dexter', '64033007', RIGHT),
      coded(3, 'Liver', '10200004'),
    ];
    expect(lateralPartners(classes)).toEqual([1, 0, 2]);
  });

  it('is itself where a letter only looks like a side, or a class has none', () => {
    expect(lateralPartners(named('Background', 'R wave', 'Vertebra L1', 'Bright'))).toEqual([0, 1, 2, 3]);
  });

  it('is refused where a side has no partner', () => {
    for (const classes of [
      named('Background', 'Left kidney'),
      [coded(1, 'A', '64033007', LEFT), coded(2, 'B', '10200004', RIGHT)],
    ]) {
      expect(() => lateralPartners(classes)).toThrow(expect.objectContaining({ code: 'model/no-partner' }));
    }
  });
});

describe('flips', () => {
  it('are left and right alone where the manifest says nothing, with a warning', () => {
    const { flips, lateralAxis, warnings } = planFlips(testManifest({ input: { orientation: 'SAR' } }));
    expect(flips).toEqual([
      [false, false, false],
      [false, false, true],
    ]);
    expect(lateralAxis).toBe(2);
    expect(warnings).toMatchObject([{ code: 'model/flips-not-stated' }]);
  });

  it('are all combinations of the axes that the manifest states', () => {
    const { flips, warnings } = planFlips(testManifest({ output: { mirrorAxes: ['i', 'k'] } }));
    expect(flips).toEqual([
      [false, false, false],
      [true, false, false],
      [false, false, true],
      [true, false, true],
    ]);
    expect(warnings).toEqual([]);
  });

  it('are refused where the manifest forbids them', () => {
    expect(() => planFlips(testManifest({ output: { mirrorAxes: [] } }))).toThrow(
      expect.objectContaining({ code: 'model/no-flips' }),
    );
  });

  it('need no partners where left and right are not exchanged', () => {
    const classes = named('Background', 'Left kidney');
    expect(planFlips(testManifest({ classes, output: { mirrorAxes: ['k'] } })).partners).toEqual([0, 1]);
  });
});

describe('how often a network looks with its mirror images', () => {
  it.each([
    ['twice for each axis', { output: { mirrorAxes: ['i', 'k'] } }, 4],
    ['left and right where the manifest is silent', {}, 2],
    ['once where mirror images are forbidden', { output: { mirrorAxes: [] } }, 1],
    ['once where a side has no partner', { classes: named('Background', 'Left kidney') }, 1],
    ['once for single things', { output: { kind: 'instances' } }, 1],
  ] as [string, Parameters<typeof testManifest>[0], number][])('is %s', (_, changes, looks) => {
    expect(mirroredLooks(testManifest(changes))).toBe(looks);
  });
});

describe('the ways of an ensemble', () => {
  const classes = named('Background', 'Left kidney', 'Right kidney');
  const first = testManifest({ classes });
  const other = (changes: Parameters<typeof testManifest>[0]) => testManifest({ classes, name: 'Other', ...changes });

  it('bring the members’ classes into the first one’s order, also when flipped', () => {
    const turned = other({ classes: [classes[0], classes[2], classes[1]] as ModelClass[] });
    const { ways, flippedAxes } = planWays([first, turned], { flips: true });
    expect(ways.map(({ member, flip, channelOf }) => [member, flip[0], ...channelOf])).toEqual([
      [0, false, 0, 1, 2],
      [0, true, 0, 2, 1],
      [1, false, 0, 2, 1],
      [1, true, 0, 1, 2],
    ]);
    expect(flippedAxes).toEqual(['left-right']);
  });

  it('have the same part in the mean, however often each looks', () => {
    const often = other({ output: { mirrorAxes: ['i', 'j', 'k'] } });
    const { ways } = planWays([first, often], { flips: true });
    const partOf = (member: number) => ways.reduce((sum, way) => sum + (way.member === member ? way.weight : 0), 0);
    expect([partOf(0), partOf(1)]).toEqual([0.5, 0.5]);
    expect(ways).toHaveLength(10);
  });

  it('may scale intensities differently', () => {
    const scaled = other({ input: { normalisation: { kind: 'min-max' } } });
    expect(planWays([first, scaled], { flips: false }).ways.map((way) => way.member)).toEqual([0, 1]);
  });

  it.each([
    ['model/ensemble-classes', { classes: named('Background', 'Left kidney') }],
    ['model/ensemble-classes', { classes: named('Background', 'Left kidney', 'Liver') }],
    ['model/ensemble-classes', { output: { activation: 'sigmoid' as const } }],
    ['model/ensemble-grid', { input: { orientation: 'RAS' } }],
    ['model/ensemble-grid', { input: { spacingMm: [1, 1, 1] as const } }],
    ['model/ensemble-grid', { window: { size: [32, 32, 32] as const } }],
  ])('are refused with %s', (code, changes) => {
    expect(() => planWays([first, other(changes)], { flips: false })).toThrow(expect.objectContaining({ code }));
  });
});
