/**
 * Once before all end-to-end tests: the page is built where it is missing or old, Chromium is there, and two vaults are made
 * to copy from: an empty one, and one with the phantom's study. Next: phantom.ts, session.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { writePhantomDicom } from '../../main/demo/phantomDicom.ts';
import { ensureRenderer } from '../../main/loopback/ensureBuilt.ts';
import { commandLine } from './commandLine.ts';
import { PHANTOM } from './phantom.ts';
import { chromiumPath } from './session.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Holds `empty` and `phantom`, two vaults, and `dicom`, the phantom's files. */
    readonly e2eFolder: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  chromiumPath();
  await ensureRenderer((line) => console.log(line));
  const folder = mkdtempSync(join(tmpdir(), 'lantern-e2e-templates-'));
  await writePhantomDicom(join(folder, 'dicom'), undefined, PHANTOM);
  commandLine(join(folder, 'empty'), 'init', '--name', 'Clinic vault', '--user', 'A. Radiologist');
  commandLine(join(folder, 'phantom'), 'init', '--name', 'Clinic vault', '--user', 'A. Radiologist');
  commandLine(join(folder, 'phantom'), 'import', join(folder, 'dicom'));
  project.provide('e2eFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
