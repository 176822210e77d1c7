/**
 * The one error type for failures that a person can be told about.
 * Bugs throw ordinary errors; everything expected has a stable code, a sentence and a next step.
 * The data must never hold a patient's name or a path of a patient's file.
 */

/** `area/what-happened`; stable, because scripts and translations depend on it. */
export type ErrorCode = `${
  | 'argument'
  | 'dicom'
  | 'disk'
  | 'export'
  | 'geometry'
  | 'import'
  | 'job'
  | 'mesh'
  | 'model'
  | 'prompt'
  | 'provider'
  | 'segmentation'
  | 'series'
  | 'shell'
  | 'vault'
  | 'volume'}/${string}`;

export interface LanternErrorData {
  readonly code: ErrorCode;
  /** One sentence for a person. */
  readonly message: string;
  /** What to do next, one sentence. */
  readonly hint: string;
}

export class LanternError extends Error {
  override readonly name = 'LanternError';
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }

  toJSON(): LanternErrorData {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}
