/**
 * Bundles what Electron needs beside the page: its main process and the child processes as ES modules in dist/electron, the
 * preload bridge as CommonJS in dist/preload (a sandboxed preload can be nothing else). Packages stay packages.
 */
import { defineConfig, type EnvironmentOptions } from 'vite';

/** Everything that is not a file of ours: relative, an alias of package.json, or a path. */
const isPackage = (id: string): boolean => !/^(\.|\/|#|[a-z]:[\\/]|\0)/i.test(id);

/** Programs that run in a child process; processEntry.ts finds them beside main.js. */
const processes = {
  'readFiles.process': 'main/import/readFiles.process.ts',
  'inference.process': 'main/inference/inference.process.ts',
  'modelImport.process': 'main/models/modelImport.process.ts',
  'prompt.process': 'main/prompt/prompt.process.ts',
  'export.process': 'main/export/export.process.ts',
};

function environment(
  input: Record<string, string>,
  outDir: string,
  output: { format: 'es' | 'cjs'; entryFileNames: string },
): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { external: true },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'node24',
      ssr: true,
      minify: false,
      copyPublicDir: false,
      rollupOptions: {
        input,
        external: isPackage,
        output: { ...output, chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  };
}

export default defineConfig({
  publicDir: false,
  environments: {
    electron: environment({ main: 'main/electron/main.ts', ...processes }, 'dist/electron', {
      format: 'es',
      entryFileNames: '[name].js',
    }),
    preload: environment({ preload: 'preload/preload.ts' }, 'dist/preload', {
      format: 'cjs',
      entryFileNames: '[name].cjs',
    }),
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['electron', 'preload']) {
        const target = builder.environments[name];
        if (target) await builder.build(target);
      }
    },
  },
});
