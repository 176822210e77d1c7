/** Starts the trial of a provider in a child and reads how it ended. Next: tryProvider.ts (inside of it), Providers.ts. */
import { spawn } from 'node:child_process';
import { processEntry } from '../processes/processEntry.ts';
import { childEnvironment } from './childEnvironment.ts';
import type { ProviderName } from './inferenceMessages.ts';
import type { ProviderTrial } from './tryProvider.ts';

/** A driver that hangs counts as one that doesn't work. */
const PATIENCE_MS = 30_000;

export interface ProbeResult {
  readonly outcome: ProviderTrial['outcome'] | 'crashed' | 'hung';
  readonly detail: string;
}

export function probeProvider(provider: ProviderName, nodePath: string): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const child = spawn(nodePath, [processEntry(import.meta.url, 'inference.process'), 'probe', provider], {
      env: childEnvironment(process.env),
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    let output = '';
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, PATIENCE_MS);
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString('utf8');
    });
    child.once('error', () => resolve({ outcome: 'crashed', detail: 'the process did not start' }));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (hung) resolve({ outcome: 'hung', detail: '' });
      else resolve(trialOf(output) ?? { outcome: 'crashed', detail: signal ?? `exit ${code}` });
    });
  });
}

function trialOf(output: string): ProviderTrial | null {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(line) as ProviderTrial;
  } catch {
    return null;
  }
}
