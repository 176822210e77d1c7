/** The host's end of one explanation: sends the order and the voxels, listens, cancels. As a run in InferenceProcess.ts, which calls it. */
import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { LanternError } from '#core/errors/lanternError.ts';
import { voxelCount } from '#core/geometry/volumeGeometry.ts';
import { bytesOf, type Volume } from '#core/volume/volume.ts';
import type { Explained, ExplainOrder } from './explanationMessages.ts';
import type { FromProcess, ToProcess } from './inferenceMessages.ts';
import { CANCEL_PATIENCE_MS } from './KeptProcess.ts';
import { plainVolume } from './plainVolume.ts';
import { receiveFromProcess, sendToProcess } from './voxelPipe.ts';

export type ExplainRequest = Omit<ExplainOrder, 'kind' | 'geometry' | 'scalarType' | 'companions'>;

export interface ProcessExplanation extends Omit<Explained, 'kind'> {
  /** Of attention: the map, two bytes a voxel. */
  readonly values: Uint16Array | null;
}

interface Hooks {
  readonly signal: AbortSignal;
  progress(done: number, total: number, secondsLeft: number | null): void;
}

export interface Conversation {
  readonly child: ChildProcess;
  readonly pipe: Duplex;
  /** What to say when the process ends in the middle. */
  crash(modelName: string): LanternError;
  /** Something may be left in the pipe. */
  end(): void;
}

export function askForExplanation(
  { child, pipe, crash, end }: Conversation,
  request: ExplainRequest,
  volumes: readonly [Volume, ...Volume[]],
  { signal, progress }: Hooks,
): Promise<ProcessExplanation> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const { manifest } = request.members[0];
    const lengths = request.asked.kind === 'attention' ? [2 * voxelCount(volumes[0].geometry)] : [];
    const maps = receiveFromProcess(pipe, lengths, settled.signal);
    let impatience: NodeJS.Timeout | null = null;
    const settle = (act: () => void): void => {
      if (impatience) clearTimeout(impatience);
      child.off('message', listen).off('close', crashed).off('error', crashed);
      signal.removeEventListener('abort', cancel);
      settled.abort();
      act();
    };
    const listen = (message: FromProcess | Explained): void => {
      switch (message.kind) {
        case 'progress':
          progress(message.done, message.total, message.secondsLeft);
          break;
        case 'explained':
          maps.then(([bytes]) => {
            const values = bytes ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : null;
            settle(() => resolve({ networkSeconds: message.networkSeconds, found: message.found, values }));
          });
          break;
        case 'cancelled':
          settle(() => reject(signal.reason));
          break;
        case 'failed': {
          const { code, message: sentence, hint } = message.error;
          settle(() => reject(signal.aborted ? signal.reason : new LanternError(code, sentence, hint)));
          end();
        }
      }
    };
    const crashed = (): void => settle(() => reject(signal.aborted ? signal.reason : crash(manifest.name)));
    const cancel = (): void => {
      child.send({ kind: 'cancel' } satisfies ToProcess, () => {});
      impatience = setTimeout(() => child.kill('SIGKILL'), CANCEL_PATIENCE_MS);
    };
    maps.catch((error: unknown) => {
      settle(() => reject(error));
      end();
    });
    child.on('message', listen);
    child.once('close', crashed);
    child.once('error', crashed);
    signal.addEventListener('abort', cancel, { once: true });
    const [first, ...companions] = volumes.map(plainVolume);
    if (!first) throw new Error('an explanation without a volume');
    child.send({ ...request, kind: 'explain', ...first, companions } satisfies ExplainOrder, () => {});
    for (const { scalars } of volumes) sendToProcess(pipe, bytesOf(scalars));
  });
}
