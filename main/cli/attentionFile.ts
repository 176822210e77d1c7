/** An attention map of the network that made a proposal, written as a NIfTI file: float32, the network's own numbers. */
import { blobRoutes } from '#contract/blobRoutes.ts';
import { attentionResult } from '#contract/schemas/explanation.ts';
import type { Warning } from '#contract/schemas/messages.ts';
import { ATTENTION_STEPS } from '#core/inference/explain/runAttention.ts';
import { writeMapFile } from './mapFile.ts';
import type { CliSession } from './session.ts';

export interface WrittenAttention {
  readonly figures: {
    readonly file: string;
    readonly map: string;
    readonly lowest: number;
    readonly highest: number;
    readonly provider: string;
    readonly seconds: number;
  };
  readonly model: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly warnings: readonly Warning[];
}

/** @param map its name; undefined: the network's first */
export async function attentionOf(
  session: CliSession,
  segmentationId: string,
  map: string | undefined,
  file: string,
): Promise<WrittenAttention> {
  const { call, rpc } = session;
  const started = call(rpc.explanations.attention({ segmentationId, ...(map !== undefined && { map }) }));
  const { jobId } = await started;
  const result = attentionResult.parse(await session.job(started));
  const bytes = await session.blob(blobRoutes.attention(jobId));
  const { lowest, highest, provider, seconds, model, warnings } = result;
  const stored = new Uint16Array(bytes.slice().buffer);
  const scalars = Float32Array.from(stored, (n) => lowest + (n / ATTENTION_STEPS) * (highest - lowest));
  const { geometry } = await call(rpc.segmentations.get({ id: segmentationId }));
  await writeMapFile(scalars, geometry, file, 'Lantern attention map');
  return { figures: { file, map: result.map, lowest, highest, provider, seconds }, model, warnings };
}
