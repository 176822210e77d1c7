/** The installers' configuration against electron-builder's own schema, and the parts of it that safety rests on. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
// app-builder-lib and js-yaml are electron-builder's, and are looked up as it does.
const builderRequire = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const libRequire = createRequire(builderRequire.resolve('app-builder-lib'));
const { load } = libRequire('js-yaml') as { load: (text: string) => Record<string, unknown> };
const { validateConfiguration } = libRequire('app-builder-lib/out/util/config/config') as {
  validateConfiguration: (config: object, log: object) => Promise<void>;
};

async function configuration(): Promise<Record<string, unknown>> {
  const { readFile } = await import('node:fs/promises');
  return load(await readFile(`${root}electron-builder.yml`, 'utf8'));
}
const log = { isEnabled: false, add: () => undefined };

describe('electron-builder.yml', () => {
  it('is valid, and the validation notices when it is not', async () => {
    const config = await configuration();
    await expect(validateConfiguration(config, log)).resolves.toBeUndefined();
    await expect(validateConfiguration({ ...config, electronFuse: {} }, log)).rejects.toThrow(/electronFuse/);
  });

  it('closes every door of the binary that the shell does not need', async () => {
    expect((await configuration())['electronFuses']).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
      enableCookieEncryption: true,
    });
  });

  it('names only resources that are there', async () => {
    const config = await configuration();
    const extra = (config['extraResources'] as { from: string }[]).map(({ from }) => from);
    const icons = ['linux', 'win', 'mac'].map((platform) => (config[platform] as { icon: string }).icon);
    for (const path of [...extra, ...icons]) expect(existsSync(`${root}${path}`), path).toBe(true);
  });
});

describe('vite.shell.config.ts', () => {
  it('bundles every program that the host starts as a child process', () => {
    const started = globSync('main/**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).flatMap((file) =>
      [...readFileSync(`${root}${file}`, 'utf8').matchAll(/processEntry\(import\.meta\.url, '([^']+)'/g)].map(
        (m) => m[1],
      ),
    );
    const config = readFileSync(`${root}vite.shell.config.ts`, 'utf8');
    expect(new Set(started).size).toBeGreaterThan(1);
    for (const name of started) expect(config).toContain(`'${name}': `);
  });
});
