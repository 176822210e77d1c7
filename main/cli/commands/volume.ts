/** `volume SERIES --out FILE`: the series on its own grid, in the modality's values. */
import { resolve } from 'node:path';
import { blobRoutes } from '#contract/blobRoutes.ts';
import { volumeGeometryOf } from '#contract/volumeGeometryOf.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import { scalarsFromBytes, type Volume } from '#core/volume/volume.ts';
import type { Answer, CommandContext, Options } from '../command.ts';

export async function run(context: CommandContext, args: readonly string[], options: Options): Promise<Answer> {
  const file = resolve(String(options['out']));
  const write = await writerOf(file);
  const session = await context.openUnlocked();
  const { volume } = await session.call(session.rpc.series.get({ id: args[0] ?? '' }));
  context.progress('Reading the volume');
  const scalars = scalarsFromBytes(volume.scalarType, await session.blob(blobRoutes.volume(volume.id)));
  const geometry = volumeGeometryOf(volume.geometry);
  context.progress('Writing the file');
  const bytes = write({ geometry, scalars });
  const { writeFileAtomically } = await import('../../export/writeFileAtomically.ts');
  await writeFileAtomically(file, bytes);
  return { json: { file, bytes: bytes.byteLength }, text: `${file}: ${bytes.byteLength} bytes` };
}

/** @throws argument/format */
async function writerOf(file: string): Promise<(volume: Volume) => Uint8Array> {
  if (/\.nrrd$/i.test(file)) {
    const { writeNrrd } = await import('#core/formats/nrrd.ts');
    return (volume) => writeNrrd(volume);
  }
  if (/\.nii(\.gz)?$/i.test(file)) {
    const { writeNifti } = await import('#core/formats/nifti.ts');
    const { gzipSync } = await import('node:zlib');
    const isPacked = /\.gz$/i.test(file);
    return (volume) => (isPacked ? gzipSync(writeNifti(volume), { level: 1 }) : writeNifti(volume));
  }
  throw new LanternError(
    'argument/format',
    'This file format is not known.',
    'Give a file name that ends in .nii.gz, .nii or .nrrd.',
  );
}
