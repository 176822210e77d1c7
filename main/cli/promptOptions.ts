/** `--point`, `--box`, `--plane`, `--slices` and `--name` of `segment --model prompt`. Coordinates: LPS mm. */
import { type Prompt, type PromptSlices, plane as planeSchema, promptSlices } from '#contract/schemas/prompt.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { Options } from './command.ts';

type Vector = [number, number, number];

export interface PromptOptions {
  readonly prompt: Prompt;
  /** Without a word the slice alone that was pointed at: a person has seen that one, and no other. */
  readonly slices: PromptSlices;
  readonly name?: string;
}

/** Options of the networks that run over a whole series, and why they mean nothing here. */
const NOT_WITH_PROMPTS: readonly (readonly [option: string, because: string])[] = [
  ['uncertainty', 'it measures no uncertainty'],
  ['attention', 'it has no attention maps'],
  ['tta', 'it is not shown the flipped series'],
  ['ensemble', 'it is not averaged with other models'],
  ['channel', 'it reads one series'],
  ['around', 'it looks at what it is pointed at'],
];

/**
 * Refused before anything runs, and nothing is left out in silence.
 * @returns null where another model is asked for
 * @throws argument/not-with-prompt, argument/point, argument/box, argument/plane, argument/slices, argument/no-prompt
 */
export function promptOptions(modelId: string, options: Options): PromptOptions | null {
  const points = options['point'] === undefined ? [] : (options['point'] as string[]);
  const box = options['box'];
  if (modelId !== 'prompt') {
    if (['point', 'box', 'plane', 'slices'].every((name) => options[name] === undefined)) return null;
    throw new LanternError(
      'argument/no-prompt',
      'Only the model “prompt” answers to points and boxes.',
      'Use --model prompt, or leave --point, --box, --plane and --slices out.',
    );
  }
  for (const [option, because] of NOT_WITH_PROMPTS) {
    if (options[option] !== undefined)
      throw notWithPrompt(options[option] === false ? `no-${option}` : option, because);
  }
  const { provider = 'cpu' } = options;
  if (provider !== 'cpu') throw notWithPrompt(`provider ${String(provider)}`, 'it runs on the processor');
  const plane = planeSchema.nullable().safeParse(options['plane'] ?? null);
  if (!plane.success) {
    throw new LanternError('argument/plane', '--plane is not a plane.', 'Give axial, coronal or sagittal.');
  }
  const slices = promptSlices.safeParse(options['slices'] ?? 'one');
  if (!slices.success) throw new LanternError('argument/slices', '--slices is not understood.', 'Give one or all.');
  return {
    prompt: {
      points: points.map(pointOf),
      boxLps: box === undefined ? null : boxOf(String(box)),
      plane: plane.data,
    },
    slices: slices.data,
    ...(options['name'] !== undefined && { name: String(options['name']) }),
  };
}

function notWithPrompt(option: string, because: string): LanternError {
  return new LanternError(
    'argument/not-with-prompt',
    `--${option} does not go with --model prompt: ${because}.`,
    `Leave it out, or choose a network; “lantern models” lists them.`,
  );
}

function pointOf(text: string): Prompt['points'][number] {
  const numbers = numbersOf(text, 4);
  const [x = 0, y = 0, z = 0, inside] = numbers ?? [];
  if (inside !== 0 && inside !== 1) {
    throw new LanternError(
      'argument/point',
      'A --point is not four numbers.',
      'Give X,Y,Z in LPS millimetres and 1 for inside or 0 for outside, as in --point -12.5,30,110,1.',
    );
  }
  return { pointLps: [x, y, z], inside: inside === 1 };
}

function boxOf(text: string): [Vector, Vector] {
  const numbers = numbersOf(text, 6);
  if (!numbers) {
    throw new LanternError(
      'argument/box',
      '--box is not six numbers.',
      'Give two opposite corners in LPS millimetres, as in --box -60,-20,110,40,55,110.',
    );
  }
  return [numbers.slice(0, 3) as Vector, numbers.slice(3) as Vector];
}

export function numbersOf(text: string, count: number): number[] | null {
  const parts = text.split(',').map((part) => part.trim());
  const numbers = parts.map(Number);
  return numbers.length === count && parts.every((p) => p !== '') && numbers.every(Number.isFinite) ? numbers : null;
}
