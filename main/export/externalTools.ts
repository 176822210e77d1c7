/** For tests: other people's programs that judge our files. A missing one is said loudly; continuous integration installs them. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const PROBES = {
  dciodvfy: ['dciodvfy', '-version'],
  pdftotext: ['pdftotext', '-v'],
  pydicom: ['/usr/bin/python3', '-c', 'import pydicom, numpy'],
  nibabel: ['/usr/bin/python3', '-c', 'import nibabel, numpy'],
} as const;
export type ExternalTool = keyof typeof PROBES;

function isThere(tool: ExternalTool): boolean {
  const [command, ...args] = PROBES[tool];
  const probe = spawnSync(command, args);
  // A validator without arguments may end with an error; what counts is that it could be started.
  return probe.error === undefined && (command === '/usr/bin/python3' ? probe.status === 0 : true);
}

/** A test that needs a tool; without the tool it is skipped with its reason in its name and on standard error. */
export function testWith(tool: ExternalTool, name: string, body: () => unknown): void {
  if (isThere(tool)) {
    test(name, async () => {
      await body();
    });
    return;
  }
  process.stderr.write(`\nSKIPPED for want of ${tool}: ${name}\n`);
  test.skip(`${name} (SKIPPED: ${tool} is not installed)`, () => {});
}

/** @returns what it wrote on standard output; fails the test if it ended with an error */
export function runTool(command: string, args: readonly string[], input?: string): string {
  const done = spawnSync(command, args, { encoding: 'utf8', input, maxBuffer: 1 << 28 });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

export function runPython(script: string, ...args: readonly string[]): string {
  return runTool('/usr/bin/python3', ['-c', script, ...args]);
}

/** @returns the lines of dciodvfy that begin with "Error" */
export function dicomErrors(file: string): string[] {
  const done = spawnSync('dciodvfy', [file], { encoding: 'utf8' });
  return `${done.stdout}${done.stderr}`.split('\n').filter((line) => line.startsWith('Error'));
}
