/** From the bytes of an .onnx file to its messages, and back. Nothing is lost on the way. Next: inspectModel.ts, buildModel.ts. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { LanternError } from '../errors/lanternError.ts';
import { type ModelMeasure, measureModel } from './measureModel.ts';
import { modelSchema } from './onnxSchema.ts';
import type { ModelProto } from './onnxTypes.ts';

/** Far above any network that was ever shown to us, and still quick to read. */
const MOST_MESSAGES = 2_000_000;
const MOST_VALUES = 64_000_000;

/**
 * @param bytes stay in use: raw tensors are views of them
 * @throws model/unreadable, model/absurd-size
 */
export function readModel(bytes: Uint8Array): ModelProto {
  let measure: ModelMeasure;
  try {
    measure = measureModel(bytes);
  } catch (error) {
    throw unreadable(error);
  }
  if (measure.messages > MOST_MESSAGES || measure.values > MOST_VALUES) {
    throw new LanternError(
      'model/absurd-size',
      `The network file holds ${measure.messages} parts and ${measure.values} numbers written one by one: no real network does.`,
      'Do not use this file; get the model again from its maker.',
    );
  }
  let model: ModelProto;
  try {
    model = fromBinary(modelSchema, bytes);
  } catch (error) {
    throw unreadable(error);
  }
  if (!model.graph) throw unreadable(new Error('no graph'));
  return model;
}

export function writeModel(model: ModelProto): Uint8Array {
  return toBinary(modelSchema, model);
}

function unreadable(cause: unknown): LanternError {
  return new LanternError(
    'model/unreadable',
    'The network file is not an ONNX network, or it is damaged.',
    'Get the model again from its maker.',
    { cause },
  );
}
