/** What a model may be used for, as its own manifest says: shown wherever it can be chosen. */
import type { ModelManifest } from './modelManifest.ts';

/** stated: the manifest's intended use is the whole of it. */
export type ModelUse = 'demonstration' | 'research' | 'stated';

/** Manifests have no field of its own for research: their makers write it as these packs and importers do. */
const RESEARCH = /\bresearch\b|\bnot for diagnosis\b/i;

export function modelUse({
  demonstrationOnly,
  intendedUse,
}: Pick<ModelManifest, 'demonstrationOnly' | 'intendedUse'>): ModelUse {
  if (demonstrationOnly) return 'demonstration';
  return RESEARCH.test(intendedUse) ? 'research' : 'stated';
}
