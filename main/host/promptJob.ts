/**
 * Prompts from the window and the command line: the volume out of the vault, the process without keys, a preview that is kept nowhere or
 * a proposal in the vault. Next: ../prompt/promptService.ts, core/prompt/segmentSlice.ts.
 */
import type { InferenceResult } from '#contract/schemas/inference.ts';
import type { Warning } from '#contract/schemas/messages.ts';
import type { Prompt, PromptPreview, PromptSlices } from '#contract/schemas/prompt.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { worldPoint } from '#core/geometry/points.ts';
import { maskOfSlices } from '#core/prompt/maskOfSlices.ts';
import { outlinedName } from '#core/prompt/outlinedName.ts';
import { runsOfPixels } from '#core/prompt/pixelRuns.ts';
import type { WorldPrompt } from '#core/prompt/promptPlace.ts';
import { countPixels } from '#core/prompt/sliceMask.ts';
import { newSegment } from '#core/segmentation/segmentEdits.ts';
import { PROMPT_MODEL, PROMPT_MODEL_SHA256 } from '../prompt/promptModel.ts';
import { promptOrigin } from '../prompt/promptService.ts';
import { seriesFacts } from './seriesFacts.ts';
import { type HostServices, startVaultJob } from './services.ts';
import type { UnlockedVault } from './vaultSession.ts';

/** Below it a person should look twice before keeping a mask. */
const DOUBTFUL = 0.5;
const MODEL = { id: PROMPT_MODEL.id, version: PROMPT_MODEL.version, sha256: PROMPT_MODEL_SHA256 };

/** The preview that still waits is of no use once there is a newer one. */
let latest: AbortController | null = null;

export async function preparePrompts(services: HostServices, seriesId: string): Promise<void> {
  const { vault } = services.session.require();
  (await services.prompts()).warmUp({ rehearse: true });
  const { loadVolume } = await import('../studies/loadVolume.ts');
  await loadVolume(vault, seriesId);
}

/** @throws job/cancelled when a newer one was asked for meanwhile; what PromptService.point throws */
export async function previewPrompt(
  services: HostServices,
  { seriesId, prompt }: { seriesId: string; prompt: Prompt },
): Promise<PromptPreview> {
  const { vault } = services.session.require();
  latest?.abort(overtaken());
  const mine = new AbortController();
  latest = mine;
  const prompts = await services.prompts();
  const { loadVolume } = await import('../studies/loadVolume.ts');
  const volume = await loadVolume(vault, seriesId);
  const world = worldPrompt(prompt);
  const found = await prompts.point(volume, world, mine.signal);
  const { place, answer, embeddingMs, promptMs } = found;
  const { width, height, pixelSpacingMm, plane } = place.layout;
  const pixels = countPixels(answer.pixels);
  const warnings = doubt([answer]);
  return {
    plane,
    index: place.index,
    width,
    height,
    runs: runsOfPixels(answer.pixels, width),
    pixels,
    areaMm2: pixels * pixelSpacingMm[0] * pixelSpacingMm[1],
    confidence: answer.confidence,
    warnings,
    origin: { ...promptOrigin(found, world, [place.index], (embeddingMs + promptMs) / 1000), warnings },
    embeddingMs,
    promptMs,
  };
}

export function startPromptJob(
  services: HostServices,
  {
    seriesId,
    prompt,
    slices,
    name,
  }: { seriesId: string; prompt: Prompt; slices: PromptSlices; name?: string | undefined },
): { jobId: string } {
  return startVaultJob(services, 'inference', 'Segment what was pointed at', async (unlocked, context) => {
    const { vault, segmentations } = unlocked;
    const from = performance.now();
    const prompts = await services.prompts();
    prompts.warmUp({ rehearse: false });
    const { loadVolume } = await import('../studies/loadVolume.ts');
    const volume = await loadVolume(vault, seriesId);
    const world = worldPrompt(prompt);
    const found =
      slices === 'all'
        ? await prompts.follow(volume, world, context)
        : await only(prompts.point(volume, world, context.signal));
    context.signal.throwIfAborted();
    const { layout } = found.place;
    const segment = newSegment([], { name: name ?? freeName(unlocked, seriesId), origin: 'model', opacity: 0.4 });
    const labelmap = maskOfSlices(
      volume.geometry,
      layout,
      found.slices.map(({ index, answer }) => ({ index, pixels: answer.pixels })),
      segment.number,
    );
    const seconds = (performance.now() - from) / 1000;
    const warnings = [...seriesFacts(vault, seriesId).unevenness, ...doubt(found.slices.map(({ answer }) => answer))];
    const indices = found.slices.map(({ index }) => index);
    const added = await segmentations.addResult({
      seriesId,
      geometry: volume.geometry,
      name: segment.name,
      state: 'proposed',
      origin: 'model',
      provenance: {
        ...promptOrigin(found, world, indices, seconds),
        ...{ at: new Date().toISOString(), operator: vault.user.name, warnings },
      },
      segments: [segment],
      layers: [labelmap],
    });
    return { segmentationId: added.id, model: MODEL, provider: 'cpu', seconds, warnings } satisfies InferenceResult;
  });
}

/** Also beside the other segmentations of the series: two proposals in a row are told apart. */
function freeName({ segmentations }: UnlockedVault, seriesId: string): string {
  const all = segmentations.summaries(seriesId);
  return outlinedName(all.flatMap(({ name, segments }) => [name, ...segments.map((s) => s.name)]));
}

async function only(pointed: ReturnType<Awaited<ReturnType<HostServices['prompts']>>['point']>) {
  const found = await pointed;
  return { ...found, slices: [{ index: found.place.index, answer: found.answer }] };
}

function worldPrompt({ points, boxLps, plane }: Prompt): WorldPrompt {
  return {
    points: points.map(({ pointLps, inside }) => ({ pointLps: worldPoint(...pointLps), inside })),
    boxLps: boxLps && [worldPoint(...boxLps[0]), worldPoint(...boxLps[1])],
    plane,
  };
}

function doubt(answers: readonly { readonly confidence: number }[]): Warning[] {
  const doubtful = answers.filter(({ confidence }) => confidence < DOUBTFUL).length;
  if (doubtful === 0) return [];
  const where = answers.length === 1 ? 'The outline' : `The outline in ${doubtful} of ${answers.length} slices`;
  return [
    {
      code: 'model/doubtful-outline',
      message: `${where} is doubtful: look at it closely, and add clicks where it is wrong.`,
    },
  ];
}

function overtaken(): LanternError {
  return new LanternError('job/cancelled', 'A newer prompt took its place.', 'Look at the newer answer.');
}
