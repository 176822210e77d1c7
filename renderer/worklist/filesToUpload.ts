/** The paths under which dropped files are uploaded. */
import type { FileToUpload } from '../app/uploadFiles.ts';

/** The part of a file that react-dropzone adds: where it lay in a dropped folder. */
interface PathOfFile {
  readonly relativePath?: string;
  readonly path?: string;
}

/** @returns the files with their paths relative to what was dropped */
export function filesToUpload(files: ReadonlyArray<File & PathOfFile>): FileToUpload[] {
  return files.map((file) => ({
    file,
    path: (file.relativePath ?? file.path ?? file.name).replace(/^(\.?\/)+/, '') || file.name,
  }));
}
