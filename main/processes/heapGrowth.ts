/**
 * V8 counts buffers as part of its heap. Ours is small (10 to 50 MB), and volumes pass through it by the hundred megabytes: with V8's
 * own choice an import of 130 slices collects the whole heap twenty times, which takes as long as everything else in it.
 */
import { setFlagsFromString } from 'node:v8';

/** Per cent; the next full collection waits for four times what is in use, which is also the most that V8 chooses itself. */
const GROWTH = 300;

/** V8 reads the flag at each collection, so it may be set while the program runs. Calling it again does nothing. */
export function collectRarely(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}
