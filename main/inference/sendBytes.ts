/** Sends a large array in pieces, each after the one before is out, so that a channel never holds a volume twice. */
import { PIECE_BYTES, type VoxelPiece } from './inferenceMessages.ts';

export async function sendBytes(bytes: Uint8Array, send: (piece: VoxelPiece) => Promise<void>): Promise<void> {
  for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES) {
    await send({ kind: 'piece', offset, bytes: bytes.subarray(offset, offset + PIECE_BYTES) });
  }
}
