/**
 * The Electron shell against a stand-in of the `electron` module that records what it is told and lets a test raise events.
 * It shows what the shell asks of Electron, not that Electron does it: what it does in a real one is not tested here.
 */
import { EventEmitter } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';

type Answer = (...args: never[]) => unknown;

const standIn = vi.hoisted(() => {
  const { EventEmitter: Emitter } = process.getBuiltinModule('node:events');
  const windows: (InstanceType<typeof Emitter> & Record<string, unknown>)[] = [];
  const handlers = new Map<string, Answer>();
  const invoked = new Map<string, Answer>();
  class BrowserWindow extends Emitter {
    readonly webContents = Object.assign(new Emitter(), {
      sent: [] as string[],
      send: (channel: string) => this.webContents.sent.push(channel),
      reload: vi.fn(),
      forcefullyCrashRenderer: vi.fn(),
      setWindowOpenHandler: vi.fn(),
    });
    readonly options: Record<string, unknown>;
    url = '';
    isGone = false;
    static readonly fromWebContents = (contents: unknown) => windows.find((w) => w['webContents'] === contents) ?? null;
    constructor(options: Record<string, unknown>) {
      super();
      this.options = options;
      windows.push(this as never);
    }
    loadURL(url: string) {
      this.url = url;
      return Promise.resolve();
    }
    isDestroyed() {
      return this.isGone;
    }
    isMinimized() {
      return true;
    }
    readonly restore = vi.fn();
    readonly focus = vi.fn();
    readonly show = vi.fn();
    close() {
      let isPrevented = false;
      this.emit('close', {
        preventDefault: () => {
          isPrevented = true;
        },
      });
      if (!isPrevented) this.isGone = true;
    }
  }
  const ipcMain = Object.assign(new Emitter(), {
    handle: (channel: string, answer: Answer) => invoked.set(channel, answer),
  });
  const app = Object.assign(new Emitter(), {
    isPackaged: false,
    commandLine: { appendSwitch: vi.fn() },
    requestSingleInstanceLock: () => true,
    whenReady: () => Promise.resolve(),
    quit: vi.fn(),
    exit: vi.fn(),
  });
  const session = Object.assign(new Emitter(), {
    protocol: { handle: (scheme: string, handler: Answer) => handlers.set(scheme, handler) },
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
    setSpellCheckerEnabled: vi.fn(),
    webRequest: { onBeforeRequest: vi.fn() },
  });
  return {
    windows: windows as unknown as BrowserWindow[],
    handlers,
    invoked,
    electron: {
      app,
      BrowserWindow,
      ipcMain,
      session: { defaultSession: session },
      protocol: { registerSchemesAsPrivileged: vi.fn() },
      powerMonitor: new Emitter(),
      dialog: {
        showOpenDialog: vi.fn(async () => ({ canceled: false, filePaths: ['/media/cd'] })),
        showSaveDialog: vi.fn(async () => ({ canceled: true, filePath: '' })),
        showMessageBoxSync: vi.fn(() => 0),
        showErrorBox: vi.fn(),
      },
      shell: { showItemInFolder: vi.fn() },
      Menu: { setApplicationMenu: vi.fn(), buildFromTemplate: vi.fn((template: unknown) => template) },
    },
  };
});
vi.mock('electron', () => standIn.electron);

const { electron, windows, handlers, invoked } = standIn;
const { app } = electron;
const session = electron.session.defaultSession;
const window = () => windows.at(-1)!;
const call = (url: string, init?: RequestInit) =>
  (handlers.get('lantern') as unknown as (request: Request) => Promise<Response>)(new Request(url, init));

/** What the shell told Electron while it started; vitest forgets the calls of a mock between tests. */
let schemes: unknown;
let onBeforeRequest: (details: { url: string }, answer: (answer: { cancel: boolean }) => void) => void;
let onPermission: (contents: { getURL(): string }, permission: string, answer: (granted: boolean) => void) => void;
let onDevice: () => boolean;

beforeAll(async () => {
  process.env['LANTERN_VAULT'] = join(await mkdtemp(join(tmpdir(), 'lantern-electron-')), 'vault');
  await import('./main.ts');
  await vi.waitFor(() => expect(windows).toHaveLength(1));
  schemes = electron.protocol.registerSchemesAsPrivileged.mock.calls[0]?.[0];
  onBeforeRequest = session.webRequest.onBeforeRequest.mock.calls[0]?.[0];
  onPermission = session.setPermissionRequestHandler.mock.calls[0]?.[0];
  onDevice = session.setDevicePermissionHandler.mock.calls[0]?.[0];
});

describe('the scheme', () => {
  it('is registered as standard and secure, and serves the host', async () => {
    expect(schemes).toEqual([
      { scheme: 'lantern', privileges: expect.objectContaining({ standard: true, secure: true, stream: true }) },
    ]);
    const answer = await call('lantern://app/rpc/vault/status', {
      method: 'POST',
      headers: { 'x-lantern-request': '1', 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await answer.json()).toMatchObject({ json: { state: 'absent' } });
  });

  it('serves no other host of the scheme, and no change without the header', async () => {
    expect((await call('lantern://other/rpc/vault/status', { method: 'POST' })).status).toBe(404);
    expect((await call('lantern://app.evil/')).status).toBe(404);
    expect((await call('lantern://app/rpc/vault/lock', { method: 'POST' })).status).toBe(403);
  });
});

describe('the window', () => {
  it('is sandboxed and isolated, and shows the page of the scheme', () => {
    expect(window().options['webPreferences']).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
    });
    expect(window().url).toBe('lantern://app/');
  });

  it('asks the page before it closes, and closes once the page has answered', () => {
    window().close();
    window().close();
    expect(window().isGone).toBe(false);
    expect(window().webContents.sent.filter((channel) => channel === 'lantern:before-quit')).toHaveLength(1);
    electron.ipcMain.emit('lantern:ready-to-quit');
    expect(window().isGone).toBe(true);
    app.emit('activate');
    expect(windows).toHaveLength(2);
  });

  it('asks a person before it closes on work that could not be saved', () => {
    const leave = () => {
      const preventDefault = vi.fn();
      window().webContents.emit('will-prevent-unload', { preventDefault });
      return preventDefault.mock.calls.length > 0;
    };
    expect(leave()).toBe(false);
    expect(electron.dialog.showMessageBoxSync).toHaveBeenCalledOnce();
    electron.dialog.showMessageBoxSync.mockReturnValueOnce(1);
    expect(leave()).toBe(true);
  });

  it('starts its display again after a crash, and comes to the front when the program is started twice', () => {
    window().webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window().webContents.reload).toHaveBeenCalledOnce();
    app.emit('second-instance');
    expect(window().restore).toHaveBeenCalled();
    expect(window().focus).toHaveBeenCalled();
  });
});

describe('what the page may not do', () => {
  it.each([
    ['lantern://app/assets/main.js', false],
    ['blob:lantern://app/0b3c', false],
    ['data:image/png;base64,AA', false],
    ['https://example.org/', true],
    ['http://127.0.0.1:8080/', true],
    ['file:///etc/passwd', true],
    ['lantern://app.evil/x', true],
    ['blob:https://example.org/1', true],
    ['ws://example.org/', true],
  ])('asks for %s: refused %s', (url, cancel) => {
    const answer = vi.fn();
    onBeforeRequest({ url }, answer);
    expect(answer).toHaveBeenCalledWith({ cancel });
  });

  it('gets no permission but to write to the clipboard', () => {
    const granted = (permission: string, url = 'lantern://app/'): boolean => {
      const answer = vi.fn();
      onPermission({ getURL: () => url }, permission, answer);
      return answer.mock.calls[0]?.[0] === true;
    };
    expect(
      ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read'].filter((p) => granted(p)),
    ).toEqual([]);
    expect(granted('clipboard-sanitized-write')).toBe(true);
    expect(granted('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
    expect(onDevice()).toBe(false);
  });

  it('neither leaves its address nor opens windows or views', () => {
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn() });
    app.emit('web-contents-created', {}, contents);
    const prevented = (event: string, url: string): boolean => {
      const preventDefault = vi.fn();
      contents.emit(event, { url, preventDefault });
      return preventDefault.mock.calls.length > 0;
    };
    expect(prevented('will-navigate', 'https://example.org/')).toBe(true);
    expect(prevented('will-redirect', 'lantern://app.evil/')).toBe(true);
    expect(prevented('will-attach-webview', '')).toBe(true);
    expect(prevented('will-navigate', 'lantern://app/')).toBe(false);
    expect(contents.setWindowOpenHandler.mock.calls[0]?.[0]()).toEqual({ action: 'deny' });
  });
});

describe('dialogs', () => {
  const invoke = (channel: string, argument: unknown, url = 'lantern://app/') =>
    (invoked.get(channel) as unknown as (event: unknown, argument: unknown) => Promise<unknown>)(
      { sender: window().webContents, senderFrame: { url } },
      argument,
    );

  it('give paths to import and of models, and tell a dismissed save dialog from a path', async () => {
    expect(await invoke('lantern:choose-import-paths', 'folder')).toEqual(['/media/cd']);
    expect(await invoke('lantern:choose-model-path', 'zip')).toBe('/media/cd');
    expect(electron.dialog.showOpenDialog).toHaveBeenLastCalledWith(
      window(),
      expect.objectContaining({ properties: ['openFile'], filters: [{ name: 'ZIP', extensions: ['zip'] }] }),
    );
    expect(await invoke('lantern:choose-save-path', 'bone.stl')).toBeUndefined();
  });

  it('answer no other page', () => {
    expect(() => invoke('lantern:choose-import-paths', 'folder', 'https://example.org/')).toThrow();
  });
});

describe('power and end', () => {
  it.each(['suspend', 'lock-screen'])('tells the page to hide at %s', (event) => {
    const before = window().webContents.sent.length;
    electron.powerMonitor.emit(event);
    expect(window().webContents.sent.slice(before)).toEqual(['lantern:lock-requested']);
  });

  it('closes the host before it ends', async () => {
    const preventDefault = vi.fn();
    app.emit('will-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(app.exit).toHaveBeenCalledWith(0));
  });
});
