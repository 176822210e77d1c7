/// <reference path="./dcmjs.d.ts" />
/**
 * Writes a DICOM Part 10 file through dcmjs: explicit VR little endian, UTF-8, keywords as names ("PatientName").
 * @see DICOM PS3.10 7.1 (file meta information)
 */
import { data, log } from 'dcmjs';
import { derivedUid } from './dicomUid.ts';

/** Attributes by keyword; sequences are arrays of the same; pixels are an ArrayBuffer. */
export type DicomDataset = Readonly<Record<string, unknown>>;

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Names this program as the writer of a file. */
export const IMPLEMENTATION_CLASS_UID = derivedUid('lantern', 'implementation-class', '1');

/** @param pixelVr OB for 1-bit and 8-bit pixels, OW for 16-bit ones */
export function writeDicomFile(dataset: DicomDataset, pixelVr: 'OB' | 'OW'): Uint8Array {
  // dcmjs speaks on standard output, which belongs to the command line's JSON.
  log.setLevel('silent');
  const { DicomDict, DicomMetaDictionary } = data;
  const file = new DicomDict({
    '00020001': { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
    '00020002': { vr: 'UI', Value: [dataset['SOPClassUID']] },
    '00020003': { vr: 'UI', Value: [dataset['SOPInstanceUID']] },
    '00020010': { vr: 'UI', Value: [EXPLICIT_LITTLE_ENDIAN] },
    '00020012': { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] },
    '00020013': { vr: 'SH', Value: ['LANTERN'] },
  });
  file.dict = DicomMetaDictionary.denaturalizeDataset({
    SpecificCharacterSet: 'ISO_IR 192',
    ...dataset,
    _vrMap: { PixelData: pixelVr },
  });
  return new Uint8Array(file.write());
}

/** @returns a decimal string of at most 16 characters. @see DICOM PS3.5 6.2 (DS) */
export function decimalString(value: number): string {
  const plain = String(value);
  if (plain.length <= 16 && !Number.isNaN(value)) return plain;
  for (let digits = 15; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
    const exponential = value.toExponential(digits - 1);
    if (exponential.length <= 16) return exponential;
  }
  return '0';
}
