/**
 * Memory that every run uses again. A volume's worth of fresh pages costs a process more time than what is done with the voxels
 * themselves. One user at a time; what was in it before is still in it.
 */
export class KeptMemory {
  #buffer = new ArrayBuffer(0);

  take(byteLength: number): ArrayBuffer {
    if (this.#buffer.byteLength < byteLength) this.#buffer = new ArrayBuffer(byteLength);
    return this.#buffer;
  }
}
