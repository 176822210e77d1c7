/** Speaks to prepareVolume.worker.ts: one image at a time, a newer request makes the older one's answer void. */
import type { Volume } from '#core/volume/volume.ts';
import type { PrepareAnswer, PrepareRequest } from './prepareVolume.worker.ts';

export class Preparation {
  #worker: Worker | null = null;
  #run = 0;

  /** @param values surfaces to be made @returns null when a newer request came meanwhile */
  async prepare(volume: Volume, levels: readonly number[], values: readonly number[]): Promise<PrepareAnswer | null> {
    this.#run++;
    const run = this.#run;
    this.#worker ??= new Worker(new URL('./prepareVolume.worker.ts', import.meta.url), { type: 'module' });
    const worker = this.#worker;
    // A copy: the views go on reading the original, and shared memory is not to be had in every shell.
    const copy: Volume = { geometry: volume.geometry, scalars: volume.scalars.slice() };
    const request: PrepareRequest = { run, volume: copy, levels, values };
    return new Promise((resolve, reject) => {
      worker.addEventListener('message', function answered({ data }: MessageEvent<PrepareAnswer>) {
        if (data.run !== run) return;
        worker.removeEventListener('message', answered);
        resolve(data);
      });
      worker.addEventListener('error', (event) => reject(new Error(event.message)), { once: true });
      worker.postMessage(request, [copy.scalars.buffer as ArrayBuffer]);
    }).then((answer) => (run === this.#run ? (answer as PrepareAnswer) : null));
  }

  dispose(): void {
    this.#run++;
    this.#worker?.terminate();
    this.#worker = null;
  }
}
