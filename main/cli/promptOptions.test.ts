import { expect, it } from 'vitest';
import { run } from './commands/segment.ts';
import { promptOptions } from './promptOptions.ts';

const point = ['1,2,3,1'];

it.each([
  [{ uncertainty: 'x.nii.gz' }, '--uncertainty does not go with --model prompt: it measures no uncertainty.'],
  [{ attention: 'x.nii.gz' }, '--attention does not go with --model prompt: it has no attention maps.'],
  [{ around: '1,2,3' }, '--around does not go with --model prompt: it looks at what it is pointed at.'],
  [{ tta: false }, '--no-tta does not go with --model prompt: it is not shown the flipped series.'],
  [{ tta: true }, '--tta does not go with --model prompt: it is not shown the flipped series.'],
  [{ ensemble: 'a,b' }, '--ensemble does not go with --model prompt: it is not averaged with other models.'],
  [{ channel: ['T2=x'] }, '--channel does not go with --model prompt: it reads one series.'],
  [{ provider: 'cuda' }, '--provider cuda does not go with --model prompt: it runs on the processor.'],
])('refuses %j before the vault is opened', async (options, message) => {
  // Nothing of it may be asked for: an empty context has no vault to open.
  await expect(
    run({} as Parameters<typeof run>[0], ['x'], { model: 'prompt', point, ...options }),
  ).rejects.toMatchObject({ code: 'argument/not-with-prompt', message });
});

it('takes what goes with it', () => {
  expect(promptOptions('prompt', { point, provider: 'cpu' })).toEqual({
    prompt: { points: [{ pointLps: [1, 2, 3], inside: true }], boxLps: null, plane: null },
    slices: 'one',
  });
  expect(promptOptions('torso', { uncertainty: 'x.nii.gz', tta: true })).toBeNull();
});
