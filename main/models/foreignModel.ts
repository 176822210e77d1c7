/** What a reader of a foreign export says: enough to make a pack of it. Readers: nnunetExport.ts, monaiBundle.ts. */
import { LanternError } from '#core/errors/lanternError.ts';
import type { ModelManifest } from '#core/inference/modelManifest.ts';
import type { CodedClass, CodeTable } from './classTerms.ts';

export interface Fold {
  readonly path: string;
  /** null: the only network. */
  readonly number: number | null;
}

export interface ForeignModel {
  /** Its .onnx files in the source. */
  readonly folds: readonly [Fold, ...Fold[]];
  readonly manifest: Omit<ModelManifest, 'formatVersion' | 'classes' | 'files' | 'peakMemoryMb'>;
  readonly classes: readonly CodedClass[];
  /** For the card. */
  readonly origin: string;
  readonly limits: readonly string[];
}

/** What the person who imports must say where the export does not. */
export interface ImportHints {
  /** As ModelInput.orientation. */
  readonly orientation: string | null;
  readonly codes: CodeTable;
}

/** A name that the manifest takes as an id. */
export function idOf(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return plain.slice(0, 100) || 'imported';
}

/** "2" and "1.0" are versions elsewhere. */
export function versionOf(text: unknown): string {
  const [major = '1', minor = '0', patch = '0'] = String(text ?? '').match(/\d+/g) ?? [];
  return `${Number(major)}.${Number(minor)}.${Number(patch)}`;
}

/** @param own what the export says of how its images lie */
export function orientationStated(own: string): LanternError {
  return new LanternError(
    'argument/orientation',
    `The export says itself how its images lie (${own}), and not as you say.`,
    'Import it without --orientation.',
  );
}
