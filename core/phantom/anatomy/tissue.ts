/** A painted piece of the body: a solid, the HU it has, and what the truth calls it. Later pieces lie over earlier ones. */
import { PHANTOM_LABEL } from '../phantomStructures.ts';
import type { Solid } from '../solid.ts';

export interface Tissue {
  readonly solid: Solid;
  readonly hu: number;
  /** A structure's number, 0 for anatomy without a truth, or 'keep': vessels in an organ belong to the organ. */
  readonly label: number | 'keep';
}

export const LABEL = PHANTOM_LABEL;

/** Modality values of a portal-venous contrast CT, HU. */
export const HU = {
  air: -1000,
  lung: -830,
  fat: -100,
  visceralFat: -96,
  skin: 30,
  muscle: 58,
  fluid: 12,
  bowelWall: 72,
  bowelContent: 22,
  liver: 110,
  lesion: 60,
  lesionRim: 92,
  spleen: 122,
  pancreas: 96,
  renalCortex: 178,
  renalMedulla: 126,
  renalPelvis: 18,
  aorta: 200,
  vein: 165,
  lungVessel: 60,
  myocardium: 112,
  cortical: 900,
  thinCortical: 520,
  trabecular: 250,
  disc: 92,
  cartilage: 125,
  canal: 28,
  couch: -20,
} as const;

export function painted(solids: readonly Solid[], hu: number, label: number | 'keep'): Tissue[] {
  return solids.map((solid) => ({ solid, hu, label }));
}
