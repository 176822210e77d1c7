/** Reads values of one data set (or sequence item) by tag, without knowing its transfer syntax. Runs in the reading process. */
import type { DataSet, Element } from 'dicom-parser';
import { textDecoder } from './characterSets.ts';

/** `xGGGGEEEE`, lower case. */
export type Tag = `x${string}`;

export class DicomAttributes {
  readonly #dataSet: DataSet;
  readonly #decode: (bytes: Uint8Array) => string;

  constructor(dataSet: DataSet, inherited?: (bytes: Uint8Array) => string) {
    this.#dataSet = dataSet;
    const own = dataSet.elements['x00080005'];
    this.#decode = own || !inherited ? textDecoder(this.#ascii('x00080005').split('\\')) : inherited;
  }

  has(tag: Tag): boolean {
    return this.element(tag) !== undefined;
  }

  element(tag: Tag): Element | undefined {
    return this.#dataSet.elements[tag];
  }

  /** @returns code strings, UIDs and the like, trimmed; '' when absent */
  string(tag: Tag): string {
    return this.#ascii(tag);
  }

  strings(tag: Tag): string[] {
    const whole = this.#ascii(tag);
    return whole === '' ? [] : whole.split('\\').map((value) => value.trim());
  }

  /** @returns text in the file's character set, trimmed; '' when absent */
  text(tag: Tag): string {
    return trimmed(this.#decode(this.#bytes(tag)));
  }

  /** @returns values of a DS or IS; NaN for what is no number */
  decimals(tag: Tag): number[] {
    return this.strings(tag).map((value) => (value === '' ? Number.NaN : Number(value)));
  }

  /** @returns first value of a DS or IS, null when absent or no number */
  decimal(tag: Tag): number | null {
    const value = this.decimals(tag)[0];
    return value !== undefined && Number.isFinite(value) ? value : null;
  }

  uint16(tag: Tag): number | null {
    return (this.#element(tag, 2) && this.#dataSet.uint16(tag)) ?? null;
  }

  uint32(tag: Tag): number | null {
    return (this.#element(tag, 4) && this.#dataSet.uint32(tag)) ?? null;
  }

  float64(tag: Tag): number | null {
    return (this.#element(tag, 8) && this.#dataSet.double(tag)) ?? null;
  }

  /** @returns the items of a sequence; none when absent */
  items(tag: Tag): DicomAttributes[] {
    const items = this.element(tag)?.items ?? [];
    return items.flatMap((item) => (item.dataSet ? [new DicomAttributes(item.dataSet, this.#decode)] : []));
  }

  /** @returns a two-byte table entry list (US) as numbers */
  uint16s(tag: Tag): number[] {
    const element = this.#element(tag, 2);
    if (!element) return [];
    return Array.from({ length: element.length / 2 }, (_, n) => this.#dataSet.uint16(tag, n) ?? 0);
  }

  #element(tag: Tag, bytes: number): Element | undefined {
    const element = this.element(tag);
    return element && element.length >= bytes ? element : undefined;
  }

  #ascii(tag: Tag): string {
    return trimmed(Buffer.from(this.#bytes(tag)).toString('latin1'));
  }

  #bytes(tag: Tag): Uint8Array {
    const element = this.element(tag);
    if (!element || element.length === 0 || element.length > 1 << 20) return new Uint8Array(0);
    return this.#dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  }
}

function trimmed(text: string): string {
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).trim();
}
