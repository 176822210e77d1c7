/** The kernels (kernels/) as machine code of this processor. */
import { setFlagsFromString } from 'node:v8';
import { KERNELS } from './kernelsCode.ts';

/**
 * What V8 is told while it compiles them, and by default. That it joins neighbouring vectors of four to vectors of eight where the
 * processor has them (AVX2) is an experiment of V8's: so no other code gets it, this runtime is the one that the tests have seen, and
 * trustedKernels.ts compares what comes out of it. At once and in full: a trial would else see other code than the runs after it.
 */
const WHILE_COMPILING = ['--experimental-wasm-revectorize', '--no-liftoff', '--no-wasm-lazy-compilation'];
const BY_DEFAULT = ['--no-experimental-wasm-revectorize', '--liftoff', '--wasm-lazy-compilation'];

let compiled: WebAssembly.Module | null | undefined;

/** @returns null where this runtime lacks what the kernels are made of (vectors with fused products, shared memory) */
export function kernelsModule(): WebAssembly.Module | null {
  if (compiled === undefined) {
    const code = Buffer.from(KERNELS, 'base64');
    compiled = WebAssembly.validate(code) ? compile(code) : null;
  }
  return compiled;
}

function compile(code: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  for (const flag of WHILE_COMPILING) setFlagsFromString(flag);
  try {
    return new WebAssembly.Module(code);
  } finally {
    for (const flag of BY_DEFAULT) setFlagsFromString(flag);
  }
}
