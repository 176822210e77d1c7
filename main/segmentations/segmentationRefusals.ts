/** What the service refuses, in words: code, sentence, next step. */
import { LanternError } from '#core/errors/lanternError.ts';

export function unknownSeries(): LanternError {
  return new LanternError(
    'series/unknown',
    'This series does not exist any more.',
    'Go back to the list of studies and open it again.',
  );
}

export function conflict(): LanternError {
  return new LanternError(
    'segmentation/conflict',
    'This segmentation was changed in another window meanwhile.',
    'Open the case again to see the newest state, then repeat the change.',
  );
}

export function wrongGrid(): LanternError {
  return new LanternError(
    'segmentation/wrong-grid',
    'These voxels belong to another grid than the series.',
    'Open the series again and repeat it there: images may have been added to it meanwhile.',
  );
}

export function unknownLabel(): LanternError {
  return new LanternError(
    'segmentation/bad-edit',
    'The result holds a label that none of its segments names.',
    'The model or the file is faulty; ask who made it.',
  );
}

export function badSegments(): LanternError {
  return new LanternError(
    'segmentation/bad-packet',
    'This change of the segmentation is damaged and was not taken.',
    'Open the case again and repeat the change.',
  );
}

export function notByEdit(): LanternError {
  return new LanternError(
    'segmentation/bad-edit',
    'This change was not taken: a proposal is not accepted by an edit.',
    'Accept the proposal itself.',
  );
}

export function noOrigin(): LanternError {
  return new LanternError(
    'segmentation/no-origin',
    'This outline does not say which model it comes from, so it was not kept.',
    'Point at the structure again and keep the new outline.',
  );
}

export function notProposed(): LanternError {
  return new LanternError(
    'segmentation/not-proposed',
    'This segmentation was accepted already: segments cannot be chosen from it any more.',
    'Delete those that are not wanted in the list of segments.',
  );
}

export function acceptedMeanwhile(): LanternError {
  return new LanternError(
    'segmentation/not-proposed',
    'This segmentation was accepted meanwhile, so it was not deleted.',
    'Open the case again to see it.',
  );
}

export function nothingTo(direction: 'apply' | 'revert'): LanternError {
  return direction === 'revert'
    ? new LanternError('segmentation/nothing-to-undo', 'There is nothing to undo.', 'Make a change first.')
    : new LanternError('segmentation/nothing-to-redo', 'There is nothing to redo.', 'Undo something first.');
}
