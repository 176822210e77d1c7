/** The part of dcmjs that Lantern writes DICOM with; the package has no types of its own. */
declare module 'dcmjs' {
  type Element = { vr: string; Value: unknown[] };
  type Tags = Record<string, Element>;

  class DicomDict {
    constructor(meta: Tags);
    dict: Tags;
    write(options?: { allowInvalidVRLength?: boolean }): ArrayBuffer;
  }

  export const data: {
    DicomDict: typeof DicomDict;
    DicomMessage: { readFile(buffer: ArrayBuffer, options?: Record<string, unknown>): { dict: Tags; meta: Tags } };
    DicomMetaDictionary: {
      naturalizeDataset(tags: Tags): Record<string, unknown>;
      denaturalizeDataset(dataset: Readonly<Record<string, unknown>>): Tags;
    };
  };
  export const log: { setLevel(level: string): void };
}
