/**
 * The Node that child processes run on: the running one, or in the Electron build the one packed beside the program
 * (Electron's own binary cannot serve as Node; see the architecture, section 7).
 */
import { join } from 'node:path';

export function nodeRuntime(): string {
  if (!process.versions['electron']) return process.execPath;
  const resources = (process as NodeJS.Process & { readonly resourcesPath?: string }).resourcesPath ?? '';
  return join(resources, 'node', process.platform === 'win32' ? 'node.exe' : 'node');
}
