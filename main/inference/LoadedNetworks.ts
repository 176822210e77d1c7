/** Networks that are ready to run, the most recently used last. As many as an order allows; what is too much is released first. */
import type { ProviderName, RunMember } from './inferenceMessages.ts';
import type { LoadedNetwork } from './LoadedNetwork.ts';
import { loadNetwork } from './loadNetwork.ts';

export class LoadedNetworks {
  readonly #networks = new Map<string, LoadedNetwork>();

  /** @throws what loadNetwork throws */
  async network(
    { manifest, network: file }: RunMember,
    { provider, networksAtOnce }: { readonly provider: ProviderName; readonly networksAtOnce: number },
  ): Promise<LoadedNetwork> {
    // A network is held against its manifest when it is loaded: under another manifest it is another one.
    const { input, window, output, classes } = manifest;
    const key = `${provider} ${file.sha256} ${JSON.stringify([input, window, output, classes.length])}`;
    const ready = this.#networks.get(key);
    if (ready) {
      this.#networks.delete(key);
      this.#networks.set(key, ready);
      return ready;
    }
    for (const [oldest, network] of this.#networks) {
      if (this.#networks.size < networksAtOnce) break;
      this.#networks.delete(oldest);
      await network.release();
    }
    const network = await loadNetwork(file.file, file.sha256, manifest, provider);
    this.#networks.set(key, network);
    return network;
  }
}
