/** Starts measureSpeed.ts in a child and reads what it found. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { processEntry } from '../processes/processEntry.ts';
import { childEnvironment } from './childEnvironment.ts';

/** It runs beside all else; a machine at work may take long. */
const PATIENCE_MS = 120_000;
const trial = z.object({ operationsPerSecond: z.number().positive() });

/** @returns null where it could not be measured: then the first run tells */
export async function speedTrial(nodePath: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)(
      nodePath,
      [processEntry(import.meta.url, 'inference.process'), 'speed'],
      {
        env: childEnvironment(process.env),
        timeout: PATIENCE_MS,
        killSignal: 'SIGKILL',
        windowsHide: true,
      },
    );
    return trial.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).operationsPerSecond;
  } catch {
    return null;
  }
}
