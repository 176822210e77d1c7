/** Which model gave an answer that an edit keeps, and what it was asked. Who kept it and when is the host's to add. */
export interface AnswerOrigin {
  readonly modelId: string;
  readonly modelName: string;
  readonly modelVersion: string;
  /** Of the weights. */
  readonly sha256: string;
  readonly provider: string;
  readonly seconds: number;
  /** What the model was asked, and how it was brought before it; points in LPS mm. */
  readonly trace: readonly unknown[];
  /** What a person should read before relying on it. */
  readonly warnings?: readonly { readonly code: string; readonly message: string }[] | undefined;
}
