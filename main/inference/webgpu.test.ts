/**
 * WebGPU on a graphics card made of software: the Vulkan driver that comes with Debian's Chromium (SwiftShader), through Debian's
 * libvulkan1. The path through the runtime, its kernels and the way back are those of a real card; the speed is not.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convolutionNetwork } from '#core/inference/onnx/convolutionNetwork.ts';
import { InferenceService } from './inferenceService.ts';
import { cubeVolume, testContext, writeTestPack } from './testPack.ts';

const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const isPresent =
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  existsSync(DRIVER) &&
  existsSync('/usr/lib/x86_64-linux-gnu/libvulkan.so.1');
if (!isPresent) process.stderr.write('\n*** SKIPPED: WebGPU; needs Debian’s chromium and libvulkan1 ***\n\n');

describe.skipIf(!isPresent)('WebGPU on a Vulkan driver made of software', { timeout: 120_000 }, () => {
  const before = process.env['VK_ICD_FILENAMES'];
  let folder = '';
  let service: InferenceService;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lantern-webgpu-'));
    process.env['VK_ICD_FILENAMES'] = DRIVER;
    writeTestPack(
      folder,
      'random',
      { modality: 'any', input: { normalisation: { kind: 'z-score', over: 'volume' } } },
      convolutionNetwork({ widths: [8, 16, 8], classes: 2 }),
    );
    service = new InferenceService({ modelFolders: [folder], stateFolder: join(folder, 'state') });
  });
  afterAll(async () => {
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
    if (before === undefined) delete process.env['VK_ICD_FILENAMES'];
    else process.env['VK_ICD_FILENAMES'] = before;
  });

  it('is found, gives what the processor gives, and is not chosen because it is slower', async () => {
    const statuses = await service.providers();
    expect(statuses.find(({ name }) => name === 'webgpu')).toMatchObject({
      inUse: false,
      reason: expect.stringContaining('slower'),
    });
    expect(statuses.find(({ name }) => name === 'cpu')).toMatchObject({ inUse: true });
  });

  it('runs a network for a person who insists on it, with the processor’s mask', async () => {
    const request = { modelId: 'random', volume: cubeVolume(), modality: 'CT' };
    const onCard = await service.run(async () => ({ ...request, provider: 'webgpu' }), testContext(), 'interactive');
    const onProcessor = await service.run(async () => ({ ...request, provider: 'cpu' }), testContext(), 'interactive');
    expect(onCard.provider).toBe('webgpu');
    expect(onProcessor.provider).toBe('cpu');
    const mask = onProcessor.layers?.[0];
    expect(new Set(mask?.voxels).size, 'both classes are drawn').toBe(2);
    expect(onCard.layers?.[0]?.voxels).toEqual(mask?.voxels);
  });
});
