/** One explanation by the inference process, as InferenceProcess.ts asks for it. Next: serveExplanation.ts (process). */
import { voxelCount } from '#core/geometry/volumeGeometry.ts';
import type { Volume } from '#core/volume/volume.ts';
import type { Explained, ExplainOrder } from './explanationMessages.ts';
import { type ConversationHooks, converse, type Partner } from './processConversation.ts';

export type ExplainRequest = Omit<ExplainOrder, 'kind' | 'geometry' | 'scalarType' | 'companions'>;

export interface ProcessExplanation extends Omit<Explained, 'kind'> {
  /** Of attention: the map, two bytes a voxel. */
  readonly values: Uint16Array | null;
}

export interface ExplanationHooks extends ConversationHooks {
  /** What it need not be asked for again when it is interrupted. */
  measured(mass: number): void;
}

/** @throws what `converse` throws */
export function askForExplanation(
  partner: Partner,
  request: ExplainRequest,
  volumes: readonly [Volume, ...Volume[]],
  { measured, ...hooks }: ExplanationHooks,
): Promise<ProcessExplanation> {
  return converse(
    partner,
    {
      order: { ...request, kind: 'explain' },
      volumes,
      pieceBytes: request.asked.kind === 'attention' ? [2 * voxelCount(volumes[0].geometry)] : [],
      last: 'explained',
      heard: (message) => {
        if (message.kind === 'measured') measured(message.mass);
      },
      answered: ({ networkSeconds, found }, [bytes]) => {
        const values = bytes ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : null;
        return { networkSeconds, found, values };
      },
    },
    hooks,
  );
}
