import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultVaultFolder, importedModelsFolder, machineStateFolder } from './places.ts';

describe('defaultVaultFolder', () => {
  it('follows LANTERN_VAULT before anything else', () => {
    expect(defaultVaultFolder({ LANTERN_VAULT: '/mnt/vault', XDG_DATA_HOME: '/data' }, 'linux')).toBe('/mnt/vault');
  });

  it('is the folder that each platform has for data', () => {
    expect(defaultVaultFolder({ XDG_DATA_HOME: '/data' }, 'linux')).toBe(join('/data', 'Lantern'));
    expect(defaultVaultFolder({}, 'linux')).toMatch(/\.local.share.Lantern$/);
    expect(defaultVaultFolder({ APPDATA: 'C:\\Users\\x\\AppData\\Roaming' }, 'win32')).toContain('Roaming');
    expect(defaultVaultFolder({}, 'darwin')).toMatch(/Application Support.Lantern$/);
  });
});

describe('machineStateFolder', () => {
  it('is the folder that each platform has for what a program may lose', () => {
    expect(machineStateFolder({ XDG_STATE_HOME: '/state' }, 'linux')).toBe(join('/state', 'Lantern'));
    expect(machineStateFolder({ LOCALAPPDATA: 'C:\\Local' }, 'win32')).toContain('Local');
    expect(machineStateFolder({}, 'darwin')).toMatch(/Caches.Lantern$/);
  });
});

describe('importedModelsFolder', () => {
  it('follows LANTERN_MODELS, else lies beside the vault and never in it', () => {
    expect(importedModelsFolder({ LANTERN_MODELS: '/mnt/models' }, 'linux')).toBe('/mnt/models');
    expect(importedModelsFolder({ XDG_DATA_HOME: '/data' }, 'linux')).toBe(join('/data', 'Lantern Models'));
  });
});
