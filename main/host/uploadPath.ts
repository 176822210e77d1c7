/** The relative path of an uploaded file, made safe to be joined to a folder of ours. */
import { LanternError } from '#core/errors/lanternError.ts';

const LONGEST_PATH = 1000;
const DEEPEST = 32;
/** Not allowed in names on Windows; control characters nowhere. */
const UNSAFE = /[<>:"|?*\p{Cc}]/gu;

/**
 * @returns the path's steps; joining them to a folder cannot leave that folder
 * @throws import/bad-path
 */
export function uploadPath(path: string): string[] {
  const steps = path.split(/[/\\]/);
  const isSafe =
    path.length <= LONGEST_PATH &&
    steps.length <= DEEPEST &&
    !/^[a-z]:/i.test(path) &&
    !path.includes('\0') &&
    // Windows drops dots and spaces at the end of a name, so that ".. " would be "..".
    steps.every((step) => step.replace(/[. ]+$/, '') !== '');
  if (!isSafe) {
    throw new LanternError(
      'import/bad-path',
      'The path of an uploaded file is not a relative one.',
      'Choose the folder or the files again.',
    );
  }
  return steps.map((step) => step.replace(UNSAFE, '_'));
}
