/**
 * `npm test`: types, lint with the layer rules, dead code, unit, host and end-to-end tests, in this order. Every part runs even
 * when an earlier one failed; the last line is "N passed, N failed". `--only PART,PART` runs some parts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = join(root, 'test-results');

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What the summary names below the part's own line. */
  readonly notes: readonly string[];
}

function npmRun(...args: string[]): Outcome {
  const { status } = spawnSync('npm', ['run', '--silent', ...args], { cwd: root, stdio: 'inherit' });
  return status === 0 ? { passed: 1, failed: 0, notes: [] } : { passed: 0, failed: 1, notes: [] };
}

function vitest(project: string): Outcome {
  const report = join(reports, `${project}.json`);
  rmSync(report, { force: true });
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { cwd: root, stdio: 'inherit' },
  );
  if (!existsSync(report)) return { passed: 0, failed: 1, notes: [] };
  const json: VitestReport = JSON.parse(readFileSync(report, 'utf8'));
  // A file that could not even be loaded has no assertions; the exit status tells.
  const failed = Math.max(json.numFailedTests, status === 0 ? 0 : 1);
  return { passed: json.numPassedTests, failed, notes: json.testResults.flatMap(notesOf) };
}

/** @returns of what failed its name and the first line of the reason, of what was left out its name */
function notesOf({ name, status, message, assertionResults }: VitestFile): string[] {
  const notes = assertionResults.flatMap((test) => {
    if (test.status === 'failed') return [`FAILED: ${test.fullName}: ${firstLine(test.failureMessages[0] ?? '')}`];
    return test.status === 'skipped' || test.status === 'pending' ? [`SKIPPED: ${test.fullName}`] : [];
  });
  // It could not be loaded, or what stands around its tests failed.
  const failedAround = status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  return failedAround ? [`FAILED: ${relative(root, name)}: ${firstLine(message)}`, ...notes] : notes;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly VitestFile[];
}

interface VitestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages: readonly string[];
  }[];
}

const parts: readonly (readonly [name: string, run: () => Outcome])[] = [
  ['types', () => npmRun('types')],
  ['lint', () => npmRun('lint')],
  ['deadcode', () => npmRun('deadcode')],
  ['build', () => npmRun('build')],
  ['unit', () => vitest('unit')],
  ['host', () => vitest('host')],
  ['e2e', () => vitest('e2e')],
];

const onlyAt = process.argv.indexOf('--only');
const only = onlyAt < 0 ? null : (process.argv[onlyAt + 1] ?? '').split(',');
const unknown = only?.filter((name) => !parts.some(([part]) => part === name)) ?? [];
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; the parts are ${parts.map(([name]) => name).join(', ')}.`);
  process.exit(2);
}

mkdirSync(reports, { recursive: true });
let passed = 0;
let failed = 0;
const summary: string[] = [];
for (const [name, run] of parts) {
  if (only && !only.includes(name)) continue;
  const start = performance.now();
  const outcome = run();
  passed += outcome.passed;
  failed += outcome.failed;
  summary.push(
    `${outcome.failed > 0 ? 'FAIL' : 'ok  '} ${name}: ${outcome.passed} passed, ${outcome.failed} failed, ${((performance.now() - start) / 1000).toFixed(0)} s`,
  );
  for (const note of outcome.notes) summary.push(`     ${note}`);
}
console.log(`\n${summary.join('\n')}\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
