/**
 * What the host and the prompt process say to each other, over Node's channel: a slice is a megabyte, so no pipe is needed. Orders are
 * answered one after the other. Next: PromptProcess.ts (host), servePrompts.ts (process).
 */
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import type { FollowedFrom } from '#core/prompt/followSlice.ts';
import type { PromptSlice, SlicePoint, SlicePrompt } from '#core/prompt/promptSlice.ts';
import type { SliceAnswer } from '#core/prompt/segmentSlice.ts';

interface Order {
  readonly id: number;
  /** Names the slice: of equal keys the pixels are equal. */
  readonly sliceKey: string;
  readonly slice: PromptSlice;
}

export interface PointOrder extends Order {
  readonly kind: 'point';
  readonly prompt: SlicePrompt;
}

export interface FollowOrder extends Order {
  readonly kind: 'follow';
  readonly from: FollowedFrom;
  readonly sliceDistanceMm: number;
  readonly points: readonly SlicePoint[];
}

export interface LoadOrder {
  readonly kind: 'load';
  /** Whether no prompt follows at once: the process may rehearse (rehearse.ts). */
  readonly rehearse: boolean;
}

export type ToPromptProcess = PointOrder | FollowOrder | LoadOrder;

export interface PromptDone {
  readonly kind: 'done';
  readonly id: number;
  /** null: the structure does not go on in this slice. */
  readonly answer: SliceAnswer | null;
  readonly embeddingMs: number;
  readonly promptMs: number;
}

export type FromPromptProcess =
  | PromptDone
  | { readonly kind: 'failed'; readonly id: number; readonly error: LanternErrorData };
