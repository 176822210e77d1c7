/** Something that a reader of a model's result must know; the result stands nevertheless. */
export interface InferenceWarning {
  readonly code: `model/${string}`;
  /** One or two sentences for a person, without a patient's name. */
  readonly message: string;
}
