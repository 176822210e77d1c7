/** How a person comes to the networks in segment mode, and what a stick holds that a model is imported from. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import { slowThresholdNetwork, thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { writeTestPack } from '../../main/inference/testPack.ts';
import { type Session, until } from './session.ts';
import { chooseMode } from './workstation.ts';

export const ORGANS = 'Torso organs (demonstration)';

export async function openNetworks(session: Session): Promise<void> {
  await chooseMode(session, 'Segment');
  const networks = session.page.getByRole('button', { name: 'Networks' });
  if ((await networks.getAttribute('aria-expanded')) === 'false') await networks.click();
  await session.page.getByRole('radio', { name: ORGANS }).waitFor();
}

/** Runs the chosen network. */
export async function run({ page }: Session): Promise<void> {
  const button = page.getByRole('button', { name: 'Run', exact: true });
  await until('it may run', () => button.isEnabled());
  await button.click();
}

/** A network for MR that marks what is bright, with a card that tries what a card must not do. */
export function writeBrightPack(parent: string, id = 'bright-head'): ModelManifest {
  const manifest = writeTestPack(parent, id, {
    name: 'Bright structures of the head',
    modality: 'MR',
    licence: 'CC BY 4.0',
    intendedUse: 'Research only: what is bright in T1-weighted MR of a head. Not for diagnosis.',
  });
  writeFileSync(join(parent, id, 'card.md'), CARD);
  return manifest;
}

export const SLOW = 'What is dense (slow)';

/** A network for CT that marks bone and takes its time, so that a coarse look is worth it on any machine. */
export function writeSlowPack(parent: string): void {
  const changes = {
    name: SLOW,
    intendedUse: 'Tests only: what is denser than 150 HU, found slowly. Not for diagnosis.',
    window: { size: [32, 32, 32] as const, overlap: 0.5 },
  };
  writeTestPack(parent, 'slow-dense', changes, slowThresholdNetwork(150, 128));
}

export const CROPS = 'What is bright in a part';

/** A network for CT that marks all of the body it sees, trained on parts of 60 × 60 × 60 mm. */
export function writeCropsPack(parent: string): void {
  const fieldOfViewMm = { least: [50, 50, 50] as const, most: [60, 60, 60] as const };
  const changes = {
    name: CROPS,
    intendedUse: 'Tests only: what is denser than air in the part that it is shown. Not for diagnosis.',
    input: { orientation: 'LPS', spacingMm: [3, 3, 3] as const },
    window: { size: [20, 20, 20] as const },
    training: { population: 'Crops.', cases: 9, source: 'Tests.', fieldOfViewMm },
  };
  writeTestPack(parent, 'crops', changes, thresholdNetwork(-300));
}

const CARD = `# Bright structures of the head

**Made for a test.** It marks every voxel above 100 and knows \`nothing\` else.

| structure | Dice | on |
| --- | --- | --- |
| bright | 0.912 | 12 heads |

- not for children
- <img src=x onerror="document.title='hit'"> stays as it is written

\`\`\`
Attribution 4.0 International
\`\`\`
`;
