/** What the 3D view shows and how it stands: preset, kind, direction, and a word when something is less than full. */
import { create } from 'zustand';
import type { VolumePresetId } from './volumePresets.ts';

export type VolumeKind = 'volume' | 'surface';
export type ShownIn3d = 'both' | 'image' | 'segments';
export type Side = 'A' | 'P' | 'L' | 'R' | 'S' | 'I';
export const SIDES: readonly Side[] = ['A', 'P', 'L', 'R', 'S', 'I'];

export interface VolumeState {
  /** null: the first preset that fits the image. */
  readonly presetId: VolumePresetId | null;
  /** null: what suits the machine. */
  readonly kind: VolumeKind | null;
  readonly shown: ShownIn3d;
  /** From where the eye looks; null after turning freely. */
  readonly side: Side | null;
  /** Grows when the camera is to be put back. */
  readonly resets: number;
  /** null until the machine was looked at. */
  readonly isSoftware: boolean | null;
  readonly state: 'waiting' | 'preparing' | 'ready' | 'no-webgl' | 'lost';
  /** Whether surfaces of a proposal, see-through, are among what is shown. */
  readonly hasProposal: boolean;
  /** What is shown instead of the full picture, one sentence; empty when nothing is missing. */
  readonly note: string;
}

const FRESH: VolumeState = {
  presetId: null,
  kind: null,
  shown: 'both',
  side: 'A',
  resets: 0,
  isSoftware: null,
  state: 'waiting',
  hasProposal: false,
  note: '',
};

export const useVolume3d = create<VolumeState>()(() => FRESH);

export function lookFrom(side: Side): void {
  useVolume3d.setState(({ resets }) => ({ side, resets: resets + 1 }));
}

/** For the next case: the machine stays what it is. */
export function resetVolume3d(): void {
  useVolume3d.setState(({ isSoftware }) => ({ ...FRESH, isSoftware }));
}

/** @returns how the image is drawn on this machine */
export function effectiveKind({ kind, isSoftware }: Pick<VolumeState, 'kind' | 'isSoftware'>): VolumeKind {
  return kind ?? (isSoftware === false ? 'volume' : 'surface');
}
