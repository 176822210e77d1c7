/** The layer rules of .dependency-cruiser.cjs hold, and would notice if they did not. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const planted = join(root, 'core/geometry/plantedViolation.ts');

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

function cruise(): Cruise['summary'] {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const run = spawnSync(
    process.execPath,
    [
      bin,
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      'core',
      'contract',
      'main',
      'preload',
      'renderer',
    ],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  const report: Cruise = JSON.parse(run.stdout);
  return report.summary;
}

describe('layers', () => {
  afterEach(() => rmSync(planted, { force: true }));

  it('nobody imports across a forbidden border', () => {
    const summary = cruise();
    expect(summary.totalCruised).toBeGreaterThan(100);
    expect(summary.violations.map((v) => `${v.from}: ${v.rule.name}`)).toEqual([]);
  });

  it('a planted import of main, of Node and of an electron binary is caught, type-only ones included', () => {
    writeFileSync(
      planted,
      "import type { OpenVault } from '../../main/vault/openVault.ts';\nimport { readFileSync } from 'node:fs';\nimport electron from 'electron';\nexport const used: [OpenVault | null, unknown, unknown] = [null, readFileSync, electron];\n",
    );
    const rules = cruise()
      .violations.filter((v) => v.from.endsWith('plantedViolation.ts'))
      .map((v) => v.rule.name);
    expect(rules).toEqual(
      expect.arrayContaining(['core-imports-nothing-of-ours', 'core-imports-no-node', 'electron-only-in-its-shell']),
    );
  });
});
