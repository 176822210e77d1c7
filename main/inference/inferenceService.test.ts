import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { convolutionNetwork, thresholdNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { InferenceService, type InferenceServiceOptions } from './inferenceService.ts';
import { Providers } from './Providers.ts';
import { RunQueue } from './RunQueue.ts';
import { cubeVolume, testContext, writeTestPack } from './testPack.ts';

const HEAVY = convolutionNetwork({ widths: [32, 32, 32], classes: 2 });

let folder: string;
let services: InferenceService[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantern-inference-'));
  services = [];
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.close()));
  rmSync(folder, { recursive: true, force: true });
});

function started(options: Partial<InferenceServiceOptions> = {}): InferenceService {
  const service = new InferenceService({ modelFolders: [folder], ...options });
  services.push(service);
  return service;
}

const request = (modelId: string, volume = cubeVolume()) => ({ modelId, volume, modality: 'CT' });

describe('a run', () => {
  it('brings the mask back onto the series’ own grid, with names, colours, codes and provenance', async () => {
    const manifest = writeTestPack(folder, 'bright', { input: { orientation: 'RAS' } });
    const volume = cubeVolume();
    const answer = await started().run(request('bright', volume), testContext());
    expect(answer.labelmap.size).toEqual(volume.geometry.size);
    expect(answer.labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
    expect(answer.segments).toMatchObject([
      { number: 1, name: 'Bright', color: '#ffcc00', origin: 'model', codes: { type: { value: '85756007' } } },
    ]);
    expect(answer.provider).toBe('cpu');
    expect(answer.provenance).toMatchObject({ modelId: 'bright', sha256: manifest.files[0]?.sha256, provider: 'cpu' });
    expect(answer.provenance.trace[0]).toMatchObject({ step: 'orient', to: 'RAS' });
    expect(answer.warnings).toEqual([]);
  });

  it('reports its windows and the time left', async () => {
    writeTestPack(folder, 'windows', { window: { size: [8, 8, 8] } });
    const context = testContext();
    await started().run(request('windows'), context);
    expect(context.phases.filter((phase) => /about \d+ s left/.test(phase)).length).toBe(26);
    expect(context.phases.at(-1)).toBe('Finishing the mask');
  });

  it('says what it looked for and did not find', async () => {
    writeTestPack(folder, 'bright');
    const volume = cubeVolume();
    volume.scalars.fill(0);
    const answer = await started().run(request('bright', volume), testContext());
    expect(answer.segments.map((s) => s.name)).toEqual(['Bright']);
    expect(answer.warnings).toMatchObject([{ code: 'model/not-found' }]);
  });

  it('runs one at a time, in the order of asking', async () => {
    writeTestPack(folder, 'bright', { window: { size: [8, 8, 8] } });
    const service = started();
    const order: string[] = [];
    const one = (name: string) =>
      service.run(
        request('bright'),
        testContext((phase) => void order.push(`${name} ${phase}`)),
      );
    await Promise.all([one('first'), one('second'), one('third')]);
    expect(order.filter((line) => line.endsWith('in the queue'))).toEqual([
      'second Next in the queue',
      'third Second in the queue',
      'third Next in the queue',
    ]);
    const ran = order.filter((line) => line.endsWith('Finishing the mask') || line.endsWith('Preparing the network'));
    expect(ran).toEqual(
      ['first', 'second', 'third'].flatMap((n) => [`${n} Preparing the network`, `${n} Finishing the mask`]),
    );
  });
});

describe('cancelling', () => {
  it('stops a run within a second and a half, even in the middle of a window, and the next run works', async () => {
    writeTestPack(folder, 'bright');
    writeTestPack(folder, 'heavy', {}, HEAVY);
    const service = started();
    let cancelledAt = 0;
    const context = testContext((phase) => {
      if (phase === 'Running the network')
        setTimeout(() => {
          cancelledAt = performance.now();
          context.abort();
        }, 100);
    });
    await expect(service.run(request('heavy', cubeVolume(160)), context)).rejects.toThrow('a person cancelled');
    expect(performance.now() - cancelledAt).toBeLessThan(1500);
    expect((await service.run(request('bright'), testContext())).segments.length).toBe(1);
  });

  it('takes one that waits out of the queue and leaves the others in order', async () => {
    writeTestPack(folder, 'bright');
    writeTestPack(folder, 'heavy', { window: { size: [48, 48, 48], overlap: 0 } }, HEAVY);
    const service = started();
    const finished: string[] = [];
    const first = service.run(request('heavy', cubeVolume(96)), testContext()).then(() => finished.push('first'));
    const waiting = testContext();
    const second = service.run(request('bright'), waiting);
    const third = service.run(request('bright'), testContext()).then(() => finished.push('third'));
    setTimeout(() => waiting.abort(), 50);
    await expect(second).rejects.toThrow('a person cancelled');
    expect(finished).toEqual([]);
    await Promise.all([first, third]);
    expect(finished).toEqual(['first', 'third']);
  });
});

describe('a run that fails', () => {
  it('halfway through its mask leaves nothing of it to the next run', async () => {
    // The score of the one bright voxel, in the last slice, is infinite.
    writeTestPack(folder, 'broken', { input: { orientation: 'PIR' } }, thresholdNetwork(-3e38));
    writeTestPack(folder, 'bright', { input: { orientation: 'PIR' } });
    const service = started();
    const { geometry } = cubeVolume(64);
    const scalars = new Float32Array(64 ** 3).fill(3e38, -1);
    await expect(service.run(request('broken', { geometry, scalars }), testContext())).rejects.toMatchObject({
      code: 'model/non-finite-output',
    });
    expect(service.processId).toBeNull();
    const volume = cubeVolume(64);
    const { labelmap } = await service.run(request('bright', volume), testContext());
    expect(labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
  });

  it('does not show in a smaller run after a larger one, whose memory it uses again', async () => {
    writeTestPack(folder, 'bright', { input: { orientation: 'RAS', grid: [24, 24, 24] } });
    const service = started();
    const large = cubeVolume(40);
    large.scalars.fill(200);
    await service.run(request('bright', large), testContext());
    const volume = cubeVolume();
    const { labelmap } = await service.run(request('bright', volume), testContext());
    expect(labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
  });
});

describe('a queue', () => {
  it('asks a run for its volume only when its turn has come, and lets a person pass a script', async () => {
    writeTestPack(folder, 'bright');
    const service = started();
    const asked: string[] = [];
    const one = (name: string, priority: 'interactive' | 'batch') =>
      service.run(
        async () => {
          asked.push(name);
          return request('bright');
        },
        testContext(),
        priority,
      );
    const runs = [one('first script', 'batch'), one('second script', 'batch'), one('person', 'interactive')];
    expect(asked).toEqual(['first script']);
    await Promise.all(runs);
    expect(asked).toEqual(['first script', 'person', 'second script']);
  });

  it('refuses a run when too many wait, and the others end well', async () => {
    writeTestPack(folder, 'bright');
    const service = started({ queue: new RunQueue({ interactive: 1, explanation: 1, batch: 1 }) });
    const runs = [service.run(request('bright'), testContext()), service.run(request('bright'), testContext())];
    await expect(service.run(request('bright'), testContext())).rejects.toMatchObject({ code: 'model/queue-full' });
    for (const { segments } of await Promise.all(runs)) expect(segments).toHaveLength(1);
  });
});

describe('an estimate', () => {
  const subject = (modality = 'CT', volume = cubeVolume()) => ({
    geometry: volume.geometry,
    modality,
    isDemonstration: false,
  });

  it('says windows, memory and whether the model is for such a series, with the reason', async () => {
    writeTestPack(folder, 'bright', { window: { size: [8, 8, 8] }, peakMemoryMb: 100 });
    const service = started();
    const estimate = await service.estimate('bright', subject());
    expect(estimate).toMatchObject({
      fits: 'yes',
      refusal: null,
      warnings: [],
      windows: 27,
      looks: 1,
      isLeastBytes: false,
    });
    expect(estimate.bytes).toBeGreaterThan(100e6);
    const other = await service.estimate('bright', subject('MR'));
    expect(other).toMatchObject({ fits: 'no', refusal: { code: 'model/wrong-modality' } });
    const unsaid = await service.estimate('bright', subject(''));
    expect(unsaid).toMatchObject({ fits: 'with-care', warnings: [{ code: 'model/modality-unknown' }] });
    await expect(service.estimate('absent', subject())).rejects.toMatchObject({ code: 'model/unknown' });
  });

  it('refuses what does not fit into the memory before anything is loaded', async () => {
    writeTestPack(folder, 'bright', { peakMemoryMb: 50_000 });
    const estimate = await started({ memoryCeilingBytes: 8e9 }).estimate('bright', subject());
    expect(estimate).toMatchObject({ fits: 'no', refusal: { code: 'model/volume-too-large' } });
  });

  it('has a time before the first run from the network’s operations, and afterwards from its runs', async () => {
    writeTestPack(folder, 'heavy', {}, HEAVY);
    const stateFolder = join(folder, 'state');
    const service = started({ stateFolder });
    const { volume } = request('heavy', cubeVolume(48));
    const ask = () => service.estimate('heavy', subject('CT', volume));
    expect(await ask()).toMatchObject({ seconds: null, secondsFrom: 'unmeasured' });
    await expect.poll(async () => (await ask()).secondsFrom, { timeout: 100_000 }).toBe('operations');
    const before = (await ask()).seconds ?? 0;
    const { seconds } = await service.run(request('heavy', volume), testContext());
    await expect.poll(async () => (await ask()).secondsFrom).toBe('runs');
    expect((await ask()).seconds).toBeCloseTo(seconds, 3);
    expect(before).toBeGreaterThan(seconds / 50);
    expect(before).toBeLessThan(seconds * 50);
    // Another program start knows it too, and a volume of twice the size takes twice the time.
    const later = await started({ stateFolder }).estimate('heavy', subject('CT', volume));
    expect(later).toMatchObject({ secondsFrom: 'runs' });
  });
});

describe('a process that ends', () => {
  it('is started again once, and the result says so', async () => {
    writeTestPack(folder, 'bright', { window: { size: [8, 8, 8] } });
    const service = started();
    let kills = 0;
    const context = testContext((phase) => {
      if (phase.startsWith('Running the network') && kills++ === 0) process.kill(service.processId ?? 0, 'SIGKILL');
    });
    const volume = cubeVolume();
    const answer = await service.run(request('bright', volume), context);
    expect(answer.labelmap.voxels).toEqual(Uint8Array.from(volume.scalars, (v) => (v > 100 ? 1 : 0)));
    expect(answer.warnings).toMatchObject([{ code: 'model/started-again' }]);
    expect((await service.run(request('bright'), testContext())).warnings).toEqual([]);
  });

  it('is reported as a crash when it happens again, and the next run works', async () => {
    writeTestPack(folder, 'bright');
    writeTestPack(folder, 'heavy', {}, HEAVY);
    const service = started();
    let kills = 0;
    const context = testContext((phase) => {
      if (phase !== 'Running the network') return;
      kills++;
      process.kill(service.processId ?? 0, 'SIGKILL');
    });
    await expect(service.run(request('heavy', cubeVolume(96)), context)).rejects.toMatchObject({
      code: 'model/process-crashed',
    });
    expect(kills).toBe(2);
    expect((await service.run(request('bright'), testContext())).segments.length).toBe(1);
  });

  it('is stopped before it takes all of the memory', async () => {
    writeTestPack(folder, 'greedy', {}, convolutionNetwork({ widths: [384, 384], classes: 2 }));
    const service = started({ memoryCeilingBytes: 300e6 });
    await expect(service.run(request('greedy', cubeVolume(128)), testContext())).rejects.toMatchObject({
      code: 'model/out-of-memory',
    });
  });

  it('refuses beforehand what can’t fit', async () => {
    writeTestPack(folder, 'bright', { peakMemoryMb: 50_000 });
    await expect(started({ memoryCeilingBytes: 8e9 }).run(request('bright'), testContext())).rejects.toMatchObject({
      code: 'model/volume-too-large',
    });
  });

  it('goes when it has been idle', async () => {
    writeTestPack(folder, 'bright');
    const service = started({ idleMs: 200 });
    await service.run(request('bright'), testContext());
    expect(service.processId).not.toBeNull();
    await expect.poll(() => service.processId, { timeout: 5000 }).toBeNull();
    service.warmUp();
    expect(service.processId).not.toBeNull();
    await expect.poll(() => service.processId, { timeout: 5000 }).toBeNull();
  });

  it('does not keep a program alive that has nothing else to do', async () => {
    writeTestPack(folder, 'bright');
    const script = join(folder, 'once.ts');
    const here = JSON.stringify(new URL('.', import.meta.url).href);
    writeFileSync(
      script,
      `const { InferenceService } = await import(${here} + 'inferenceService.ts');
       const { cubeVolume, testContext } = await import(${here} + 'testPack.ts');
       const service = new InferenceService({ modelFolders: [${JSON.stringify(folder)}], idleMs: 600_000 });
       const { segments } = await service.run({ modelId: 'bright', volume: cubeVolume(), modality: 'CT' }, testContext());
       console.log(segments.length);`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 20_000 });
    expect(stdout.trim()).toBe('1');
  });
});

describe('a provider that fails in a run', () => {
  it('is replaced by the processor with a warning, and not used again', async () => {
    writeTestPack(folder, 'bright');
    const stateFolder = join(folder, 'state');
    const file = join(stateFolder, 'inference-providers.json');
    // As if an earlier trial had gone well: CUDA can't start here, its files are not installed.
    await new Providers({ nodePath: process.execPath, stateFolder }).distrust('cuda', 'failed');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"failed"', '"equal"'));
    const service = started({ stateFolder });
    const answer = await service.run(request('bright'), testContext());
    expect(answer.provider).toBe('cpu');
    expect(answer.provenance.provider).toBe('cpu');
    expect(answer.warnings).toMatchObject([{ code: 'model/ran-on-processor' }]);
    expect(readFileSync(file, 'utf8')).toContain('"failed"');
    expect((await service.run(request('bright'), testContext())).warnings).toEqual([]);
  });
});

describe('the list of providers', () => {
  it('says of each in one sentence why it is used or not, and remembers it', async () => {
    const stateFolder = join(folder, 'state');
    const statuses = await started({ stateFolder }).providers();
    expect(statuses.map((s) => s.name)).toEqual(['cpu', 'cuda', 'directml', 'coreml', 'webgpu']);
    expect(statuses.filter((s) => s.inUse).length).toBe(1);
    for (const { reason } of statuses) expect(reason).toMatch(/^(Used|Not used|Ready): .+\.$/);
    if (process.platform !== 'win32') {
      expect(statuses.find((s) => s.name === 'directml')?.reason).toContain('Windows');
    }
    const file = join(stateFolder, 'inference-providers.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"outcome": "\w+"/g, '"outcome": "different"'));
    const again = await started({ stateFolder }).providers();
    expect(again.find((s) => s.name === 'webgpu')?.reason).toContain('cannot be trusted');
  });
});
