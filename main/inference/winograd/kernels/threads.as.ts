/**
 * Layers of 3D networks, in WebAssembly. AssemblyScript; kernelsCode.ts holds what it compiles to.
 *
 * Eight channels are two vectors of four that stand next to each other and are computed in the same steps: so V8 can join them to one of eight where the processor
 * has them (AVX2; WinogradNetwork.ts). That needs both loads before any store, and both stores at one address with 0 and 16.
 *
 * A value is blocked: [chunk of 8 channels][z][y][x][8], float32; channels that do not exist hold finite numbers of no meaning. Rows lie `pitch` voxels apart, planes
 * where a table says, so that what is read together does not fall into the same few places of the cache.
 * A layer is a row of 32-bit numbers at `p` (its fields: core/onnx/winograd/encodeLayers.ts) and falls into units that threads take one by one; `scratch` is
 * the thread's own.
 */
import { convolve3 } from './convolve3.as';
import { field } from './fields.as';
import { add, move, normalise, pack, scale, squares, sums, unpack } from './planes.as';
import { convolve, pool, spread } from './rows.as';

/** One layer's unit. */
function work(kernel: i32, p: usize, unit: i32, scratch: usize): void {
  switch (kernel) {
    case 0: convolve3(p, unit, scratch); break;
    case 1: convolve(p, unit, scratch); break;
    case 2: spread(p, unit, scratch); break;
    case 3: pool(p, unit, scratch); break;
    case 4: scale(p, unit, scratch); break;
    case 5: add(p, unit, scratch); break;
    case 6: sums(p, unit, scratch); break;
    case 7: squares(p, unit, scratch); break;
    case 8: normalise(p, unit, scratch); break;
    case 9: pack(p, unit, scratch); break;
    case 10: unpack(p, unit, scratch); break;
    case 11: move(p, unit, scratch); break;
    default: unreachable();
  }
}

/** Looks at a counter before a thread sleeps: a layer's units end within microseconds of each other. */
const LOOKS = 20000;
/** Nanoseconds after which a thread that does not come is taken to be dead. */
const PATIENCE: i64 = 120000000000;

/**
 * All layers, one after the other, together with the other threads. At `control`: order number, end flag, threads, layers, where they
 * stand (kernel, p, units each), two counters a layer (the next unit; threads that have come to its end, of all orders so far), scratch,
 * bytes of it a thread. A slow thread may still be looking at the last counter when the next order begins: so that one only ever grows.
 * @returns 0, or 1 where another thread did not come
 */
function run(control: usize, thread: i32, order: i32): i32 {
  const threads = field(control, 2), layers = field(control, 3), all = threads * order;
  const scratch = <usize>field(control, 6) + <usize>field(control, 7) * thread;
  let layer = <usize>field(control, 4), counter = <usize>field(control, 5);
  for (let n = 0; n < layers; n++, layer += 12, counter += 8) {
    const kernel = field(layer, 0), p = <usize>field(layer, 1), units = field(layer, 2);
    for (let unit = atomic.add<i32>(counter, 1); unit < units; unit = atomic.add<i32>(counter, 1)) work(kernel, p, unit, scratch);
    if (atomic.add<i32>(counter + 4, 1) + 1 == all) {
      // Nobody takes units of this layer any more.
      atomic.store<i32>(counter, 0);
      atomic.notify(counter + 4, -1);
      continue;
    }
    for (let look = 0; look < LOOKS && atomic.load<i32>(counter + 4) < all; look++) {}
    for (;;) {
      const arrived = atomic.load<i32>(counter + 4);
      if (arrived >= all) break;
      if (atomic.wait<i32>(counter + 4, arrived, PATIENCE) == 2) return 1;
    }
  }
  return 0;
}

/** What a thread beside the first does: every order, until the end flag is up. */
export function serve(control: usize, thread: i32): void {
  let done = 0;
  for (;;) {
    atomic.wait<i32>(control, done, -1);
    const order = atomic.load<i32>(control);
    if (atomic.load<i32>(control + 4) != 0) return;
    if (order == done) continue;
    done = order;
    run(control, thread, order);
  }
}

/** Sends the other threads to work, and takes part. @returns as run */
export function start(control: usize): i32 {
  const order = atomic.add<i32>(control, 1) + 1;
  atomic.notify(control, -1);
  return run(control, 0, order);
}

export function end(control: usize): void {
  atomic.store<i32>(control + 4, 1);
  atomic.add<i32>(control, 1);
  atomic.notify(control, -1);
}
