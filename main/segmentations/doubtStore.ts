/**
 * The doubt of a network's proposal in the vault: where it was unsure, on the segmentation's grid, and the places to look at first.
 * It tells of the proposal as the network made it; edits do not change it. It goes with its segmentation.
 */
import type { PlaceOfDoubt } from '#contract/schemas/inference.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { OpenVault } from '../vault/openVault.ts';

export interface Doubt {
  /** One byte a voxel: 0 sure, 255 as unsure as can be (core/inference/measureDoubt.ts). */
  readonly values: Uint8Array;
  readonly places: readonly PlaceOfDoubt[];
}

interface DoubtRow {
  readonly objectId: string;
  readonly places: string;
}

/** Writes the map as an object; a crash before `commitRows` leaves an orphan that the vault collects. */
export async function writeDoubt(
  vault: OpenVault,
  { values, places }: Doubt,
): Promise<{ commitRows(segmentationId: string): void; discard(): void }> {
  const object = await vault.objects.put('labelmap', values, 'zstd');
  return {
    commitRows(segmentationId) {
      object.commitRow();
      vault.db
        .prepare('INSERT INTO segmentation_doubt (segmentation_ref, object_ref, places) VALUES (?, ?, ?)')
        .run(segmentationId, object.id, JSON.stringify(places));
    },
    discard: () => object.discard(),
  };
}

/** @returns where to look first, the most doubt first; null where none was measured */
export function placesOfDoubt(vault: OpenVault, segmentationId: string): PlaceOfDoubt[] | null {
  const row = rowOf(vault, segmentationId);
  return row ? (JSON.parse(row.places) as PlaceOfDoubt[]) : null;
}

/** @throws segmentation/no-doubt */
export async function readDoubt(vault: OpenVault, segmentationId: string): Promise<Uint8Array> {
  const row = rowOf(vault, segmentationId);
  if (row) return vault.objects.read(row.objectId);
  throw new LanternError(
    'segmentation/no-doubt',
    'It was not measured how sure the network was of this segmentation.',
    'Run the model again with uncertainty.',
  );
}

/** Inside of the transaction that removes the segmentation, before its row goes. @returns what does the object's part after it */
export function takeDoubt(vault: OpenVault, segmentationId: string): () => void {
  const row = rowOf(vault, segmentationId);
  return () => {
    if (row) vault.objects.remove(row.objectId);
  };
}

function rowOf(vault: OpenVault, segmentationId: string): DoubtRow | undefined {
  return vault.db
    .prepare<[string], DoubtRow>(
      'SELECT object_ref AS objectId, places FROM segmentation_doubt WHERE segmentation_ref = ?',
    )
    .get(segmentationId);
}
