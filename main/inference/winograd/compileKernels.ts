/** Compiles kernels/: `node main/inference/winograd/compileKernels.ts` writes kernelsCode.ts anew; a test holds the two together. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/** The kernels' constants begin at 64: the first 1024 bytes are theirs (core/onnx/winograd/encodeLayers.ts). */
const FLAGS =
  '--runtime stub --enable simd,relaxed-simd,threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536 -O3 --noAssert --memoryBase 64';

/** @returns the module in base64. @throws with the compiler's own words */
export async function compileKernels(): Promise<string> {
  let binary: Uint8Array | null = null;
  const { error, stderr } = await asc.main(['threads.as.ts', ...FLAGS.split(' '), '--outFile', 'kernels.wasm'], {
    readFile: (name: string) =>
      name.endsWith('.as.ts') ? readFileSync(join(import.meta.dirname, 'kernels', name), 'utf8') : null,
    writeFile: (name: string, contents: Uint8Array | string) => {
      if (name === 'kernels.wasm' && typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(stderr.toString(), { cause: error });
  return Buffer.from(binary).toString('base64');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = (await compileKernels()).match(/.{1,120}/g) ?? [];
  const text = `/** What kernels/ compiles to (compileKernels.ts), in base64. */\nexport const KERNELS = \`\n${lines.join('\n')}\n\`;\n`;
  writeFileSync(join(import.meta.dirname, 'kernelsCode.ts'), text);
}
