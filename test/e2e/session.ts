/**
 * A Lantern as a person meets it: the loopback shell in its own process, a fresh vault folder, a Chromium page at 1366 × 768.
 * Everything is found by role and accessible name. Screenshots go to test-results/screens.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const screens = join(root, 'test-results/screens');
export const PASSPHRASE = 'correct horse battery staple 42';

export type ViewName = 'Axial' | 'Coronal' | 'Sagittal' | '3D';

export interface SessionOptions {
  readonly width?: number;
  readonly height?: number;
  /** Puts a vault into this folder before the program starts; without it the first start is seen. */
  readonly prepare?: (vaultFolder: string) => void;
  /** Puts imported models into this folder; without it there are those of the program alone. */
  readonly models?: (modelsFolder: string) => void;
  /** Nothing is remembered of this machine from earlier runs. */
  readonly isNewMachine?: boolean;
}

export interface Session {
  readonly page: Page;
  readonly folder: string;
  readonly errors: readonly string[];
  /** Requests that left this machine; must stay empty. */
  readonly remote: readonly string[];
  view(name: ViewName): Locator;
  screenshot(name: string): Promise<void>;
  /** SIGKILL for the host, then a new one; the page opens its new address. */
  killAndReopen(): Promise<void>;
  end(): Promise<void>;
}

/** @throws Error when this machine has no Chromium */
export function chromiumPath(): string {
  const candidates = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (!found) throw new Error('No Chromium here: install Debian’s package "chromium" or set CHROMIUM to its path.');
  return found;
}

export async function startSession(options: SessionOptions = {}): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'lantern-e2e-'));
  mkdirSync(screens, { recursive: true });
  const errors: string[] = [];
  const remote: string[] = [];
  options.prepare?.(join(folder, 'vault'));
  options.models?.(join(folder, 'models'));
  // Never what was imported on the machine that the tests run on.
  const env = {
    LANTERN_MODELS: join(folder, 'models'),
    ...(options.isNewMachine && { XDG_STATE_HOME: join(folder, 'state') }),
  };
  let host = await serve(join(folder, 'vault'), env);
  const browser = await openBrowser();
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1366, height: options.height ?? 768 },
    acceptDownloads: true,
  });
  const page = await context.newPage();
  // The host is killed in some tests; what its absence causes is not a fault of the page.
  let killed = false;
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !killed) errors.push(message.text());
  });
  page.setDefaultTimeout(20_000);
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.hostname !== '127.0.0.1') remote.push(request.url());
  });
  await page.goto(host.url);

  return {
    page,
    folder,
    errors,
    remote,
    view: (name) => page.getByRole('region', { name: new RegExp(`^${name}`) }).first(),
    screenshot: async (name) => {
      await page.screenshot({ path: join(screens, `${name}.png`) });
    },
    killAndReopen: async () => {
      killed = true;
      host.child.kill('SIGKILL');
      await new Promise((resolve) => host.child.once('exit', resolve));
      host = await serve(join(folder, 'vault'), env);
      await page.goto(host.url);
      await until('the page has found the new host', () => page.getByLabel('Passphrase', { exact: true }).isVisible());
      killed = false;
    },
    end: async () => {
      await browser.close();
      host.child.kill('SIGTERM');
      await new Promise((resolve) =>
        host.child.exitCode === null && host.child.signalCode === null
          ? host.child.once('exit', resolve)
          : resolve(null),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--no-first-run',
      '--disable-background-networking',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  });
}

function serve(vault: string, env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(root, 'main/cli/lantern.ts'), 'serve', '--vault', vault, '--json'], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    let complaints = '';
    child.stderr.on('data', (data: Buffer) => {
      complaints += data.toString();
    });
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      const line = output.split('\n').find((text) => text.includes('"url"'));
      if (line) resolve({ child, url: JSON.parse(line).url });
    });
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${complaints.slice(-300)}`)));
  });
}

/** Calls `probe` until it answers something true. @throws Error naming `what` after `timeoutMs` */
export async function until<T>(
  what: string,
  probe: () => Promise<T>,
  timeoutMs = 30_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer) return answer as Exclude<T, false | null | undefined>;
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
