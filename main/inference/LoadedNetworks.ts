/** Networks that are ready to run, the most recently used last. As many as an order allows; what is too much is released first. */
import type ort from 'onnxruntime-node';
import type { ProviderName, RunMember } from './inferenceMessages.ts';
import { loadNetwork } from './session.ts';

export class LoadedNetworks {
  readonly #sessions = new Map<string, ort.InferenceSession>();

  /** @throws what loadNetwork throws */
  async session(
    { manifest, network }: RunMember,
    { provider, networksAtOnce }: { readonly provider: ProviderName; readonly networksAtOnce: number },
  ): Promise<ort.InferenceSession> {
    // A network is held against its manifest when it is loaded: under another manifest it is another one.
    const { input, window, output, classes } = manifest;
    const key = `${provider} ${network.sha256} ${JSON.stringify([input, window, output, classes.length])}`;
    const ready = this.#sessions.get(key);
    if (ready) {
      this.#sessions.delete(key);
      this.#sessions.set(key, ready);
      return ready;
    }
    for (const [oldest, session] of this.#sessions) {
      if (this.#sessions.size < networksAtOnce) break;
      this.#sessions.delete(oldest);
      await session.release();
    }
    const session = await loadNetwork(network.file, network.sha256, manifest, provider);
    this.#sessions.set(key, session);
    return session;
  }
}
