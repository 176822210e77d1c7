/** What goes to the workers of the editor and what comes back. */
import { LanternError, type LanternErrorData } from '#core/errors/lanternError.ts';
import type { LabelDelta } from '#core/segmentation/delta.ts';
import type { OperationInput, ParameterValues } from '#core/segmentation/operations/operation.ts';
import type { Scalars } from '#core/volume/volume.ts';

export interface OperationRequest {
  readonly runId: number;
  readonly operationId: string;
  readonly input: Omit<OperationInput, 'scalars'>;
  readonly values: ParameterValues;
  /** Only when it differs from the image sent before. */
  readonly scalars: Scalars | null;
}

export interface OperationAnswer {
  readonly runId: number;
  readonly delta: LabelDelta | null;
  readonly error: LanternErrorData | null;
}

/** A worker can't throw to the window: the failure goes as data. */
export function errorOfWorker(error: unknown): LanternErrorData {
  if (error instanceof LanternError) return error.toJSON();
  return {
    code: 'job/unexpected',
    message: 'The operation could not be finished.',
    hint: 'Nothing was changed; try again, with another segment or other values.',
  };
}
