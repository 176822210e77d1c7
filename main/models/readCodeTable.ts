/**
 * A table of codes that comes with a model, in the form of TotalSegmentator's totalsegmentator_snomed_mapping.csv: one row a class,
 * DICOM's code sequences in columns, "r,g,b" last. Rows without a whole code are passed over; nothing is guessed.
 */
import type { CodedConcept } from '#core/segmentation/segment.ts';
import type { CodeTable, NamedCodes } from './classTerms.ts';

const NAME = 'Structure';
const COLOR = 'DicomRGBColor';

export function readCodeTable(csv: string): CodeTable {
  const [header = [], ...rows] = csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map(cells);
  const table = new Map<string, NamedCodes>();
  for (const row of rows) {
    const column = (name: string): string => (row[header.indexOf(name)] ?? '').trim();
    const concept = (sequence: string): CodedConcept | undefined => {
      const value = column(`${sequence}.CodeValue`);
      const scheme = column(`${sequence}.CodingSchemeDesignator`);
      const meaning = column(`${sequence}.CodeMeaning`);
      return value && scheme && meaning ? { value, scheme, meaning } : undefined;
    };
    const category = concept('SegmentedPropertyCategoryCodeSequence');
    const type = concept('SegmentedPropertyTypeCodeSequence');
    const modifier = concept('SegmentedPropertyTypeModifierCodeSequence');
    const name = column(NAME).toLowerCase();
    if (!name || !category || !type) continue;
    table.set(name, { codes: { category, type, ...(modifier && { modifier }) }, color: hexOf(column(COLOR)) });
  }
  return table;
}

/** Commas separate, quotes hold them together, two quotes are one. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

function hexOf(rgb: string): string | null {
  const numbers = rgb.split(',').map(Number);
  if (numbers.length !== 3 || numbers.some((n) => !Number.isInteger(n) || n < 0 || n > 255)) return null;
  return `#${numbers.map((n) => n.toString(16).padStart(2, '0')).join('')}`;
}
