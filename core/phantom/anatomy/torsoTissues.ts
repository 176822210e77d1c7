/** All tissues of the torso in the order in which they are laid over each other. Next: the anatomy's files, region by region. */
import { seededRandom } from '../seededRandom.ts';
import { abdomen } from './abdomen.ts';
import { bowel } from './bowel.ts';
import { musclesAndFat } from './musclesAndFat.ts';
import { skeleton } from './skeleton.ts';
import { thorax } from './thorax.ts';
import type { Tissue } from './tissue.ts';
import { intrahepaticVessels, vessels } from './vessels.ts';

export function torsoTissues(seed: number, jitter: number): Tissue[] {
  const organs = abdomen(seededRandom(seed + 0x0a), jitter);
  return [
    ...thorax(seededRandom(seed + 0x17)),
    ...musclesAndFat(),
    ...bowel(seededRandom(seed + 0xb0)),
    ...organs,
    ...intrahepaticVessels(),
    ...vessels(),
    ...skeleton(),
  ];
}
