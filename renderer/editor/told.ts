/** Does what a person asked for. What fails is told in the panel; what was given up, because the case was left, is not. */
import { isAbort } from '../app/errorOf.ts';
import { tellError } from './segmentationStore.ts';

/** @returns whether it was done */
export async function told(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!isAbort(error)) tellError(error);
    return false;
  }
}
