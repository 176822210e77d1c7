import { expect, it } from 'vitest';
import type { PromptNetwork } from '#core/prompt/promptNetwork.ts';
import { promptModelFolder } from './promptModel.ts';
import { rehearse } from './rehearse.ts';
import { SamNetwork } from './samNetwork.ts';

/** Sees nothing, and counts the questions. */
function counting(): PromptNetwork & { asked: number } {
  const network = {
    asked: 0,
    look: async () => ({
      ask: async () => {
        network.asked++;
        return { scores: new Float32Array(256 * 256).fill(-4), predictedIou: 0.5 };
      },
    }),
  };
  return network;
}

it('rehearses clicks and boxes to the end where nobody waits', async () => {
  const network = counting();
  await rehearse(network, () => true);
  // A box asks twice, a click at least once, three rounds.
  expect(network.asked).toBeGreaterThanOrEqual(9);
});

it('asks nothing where somebody waits already, and no more once somebody does', async () => {
  const waited = counting();
  await rehearse(waited, () => false);
  expect(waited.asked).toBe(0);
  const interrupted = counting();
  await rehearse(interrupted, () => interrupted.asked < 2);
  expect(interrupted.asked).toBe(2);
});

it('does not keep to itself what fails', async () => {
  const broken: PromptNetwork = { look: () => Promise.reject(new Error('the decoder did not answer')) };
  await expect(rehearse(broken, () => true)).rejects.toThrow('the decoder did not answer');
});

it('goes through with the real decoder on an empty picture', async () => {
  const sam = await SamNetwork.load(promptModelFolder());
  await expect(rehearse(sam.onNothing(), () => true)).resolves.toBeUndefined();
});
