import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LanternError } from '#core/errors/lanternError.ts';
import { FaultLog } from './faultLog.ts';

describe('FaultLog', () => {
  it('keeps class, code and place of an error, never its message', async () => {
    const vault = await mkdtemp(join(tmpdir(), 'lantern-faults-'));
    const cause = Object.assign(new RangeError('MUSTERMANN^ERIKA in /media/cd/IM1'), { code: 'ERR_X' });
    await new FaultLog(vault).record(new TypeError('bad value 4711', { cause }), 'job import');
    const log = await readFile(join(vault, 'log', 'faults.log'), 'utf8');
    expect(log).toMatch(/job import TypeError at main\/host\/faultLog\.test\.ts:\d+:\d+/);
    expect(log).toContain('RangeError ERR_X');
    expect(log).not.toMatch(/MUSTERMANN|media|4711/);
  });

  it('keeps nothing of failures that a person is told', async () => {
    const vault = await mkdtemp(join(tmpdir(), 'lantern-faults-'));
    await new FaultLog(vault).record(new LanternError('vault/locked', 'Locked.', 'Unlock.'), 'rpc');
    expect(await readdir(vault)).toEqual([]);
  });

  it('does not bring a vault folder into being', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'lantern-faults-'));
    await new FaultLog(join(parent, 'absent')).record(new Error('x'), 'rpc');
    expect(await readdir(parent)).toEqual([]);
  });
});
