/** Which values occur among whole numbers of one or two bytes: one store for each element, the quickest pass there is. */

export type SmallIntegers = Uint8Array | Int8Array | Uint16Array | Int16Array;

export interface SeenValues {
  /** What the type can hold at the least; `seen[n]` is for the value `smallest + n`. */
  readonly smallest: number;
  /** 1 where the value occurs. */
  readonly seen: Uint8Array;
}

export function seenValues(values: SmallIntegers): SeenValues {
  const seen = new Uint8Array(256 ** values.BYTES_PER_ELEMENT);
  const smallest = smallestOf(values);
  for (let n = 0; n < values.length; n++) seen[values[n]! - smallest] = 1;
  return { smallest, seen };
}

/** @returns the least value that the array's type can hold */
export function smallestOf(values: SmallIntegers): number {
  if (values instanceof Int8Array) return -128;
  return values instanceof Int16Array ? -32_768 : 0;
}
