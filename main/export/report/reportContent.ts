/** The pages of the report as pdfmake's document definition. Words and layout only; numbers come from segmentFacts.ts. */
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Measurement } from '#contract/schemas/measurement.ts';
import { displayName } from '#core/dicom/personName.ts';
import type { Segment } from '#core/segmentation/segment.ts';
import type { ExportSource } from '../exportSource.ts';
import { minutesUtc } from '../minutesUtc.ts';
import { originInWords } from '../originInWords.ts';
import { segmentMaking } from '../segmentMaking.ts';
import { segmentOrigins } from '../segmentOrigins.ts';
import { SOFTWARE_VERSION } from '../softwareVersion.ts';
import { isLung } from './pictures.ts';
import type { PrintableText } from './printableText.ts';
import type { SegmentFacts } from './segmentFacts.ts';

export interface ReportPictures {
  /** Data URLs of the axial, coronal and sagittal picture. */
  readonly planes: readonly { readonly segment: Segment; readonly images: readonly string[] }[];
  readonly surfaces: string;
}

export interface ReportParts {
  readonly source: ExportSource;
  readonly facts: readonly SegmentFacts[];
  readonly pictures: ReportPictures;
  /** Of the volume's values: "HU", or "". */
  readonly unit: string;
  readonly print: PrintableText;
  readonly at: Date;
}

const INK = '#1c2733';
const QUIET = '#5b6875';
const RULE = '#c9d1d9';
const DISCLAIMER = 'Lantern is not a cleared medical device; a qualified person answers for the use of this report.';

export function reportContent(parts: ReportParts): TDocumentDefinitions {
  const { source, print, at } = parts;
  const { study } = source.case;
  const body: Content[] = [
    header(parts),
    patientBlock(parts),
    ...segmentTable(parts),
    ...keyImages(parts),
    ...surfaces(parts),
    ...measurementTable(parts),
    ...provenanceBlock(parts),
    ...warningsBlock(parts),
    signature(parts),
  ];
  // Sentences about the font come last: only now it is known whether they are needed.
  if (print.replaced) {
    body.push({
      text: 'Characters that this document’s font lacks are written as Unicode numbers, [U+….].',
      style: 'quiet',
    });
  }
  return {
    pageSize: 'A4',
    pageMargins: [42, 40, 42, 54],
    defaultStyle: { font: 'Roboto', fontSize: 9.5, color: INK, lineHeight: 1.15 },
    styles: {
      section: { fontSize: 11, bold: true, margin: [0, 14, 0, 5] },
      label: { fontSize: 8, color: QUIET },
      quiet: { fontSize: 8, color: QUIET },
      head: { fontSize: 8, color: QUIET, bold: true },
    },
    info: { title: 'Segmentation report', creator: `Lantern ${SOFTWARE_VERSION}`, creationDate: at },
    footer: (page, pages) => ({
      margin: [42, 12, 42, 0],
      columns: [
        { width: '*', text: [`Study ${study.studyInstanceUid}\n`, DISCLAIMER], style: 'quiet' },
        { width: 60, text: `Page ${page} of ${pages}`, alignment: 'right', style: 'quiet' },
      ],
    }),
    content: body,
  };
}

function header({ source, at, print }: ReportParts): Content {
  return {
    columns: [
      [
        { text: 'Segmentation report', fontSize: 20, bold: true },
        { text: print.of(source.detail.name), fontSize: 11, color: QUIET },
      ],
      {
        width: 170,
        alignment: 'right',
        style: 'quiet',
        text: `Lantern ${SOFTWARE_VERSION}\nPrepared ${minutesUtc(at.toISOString())} UTC\nby ${print.of(source.operator)}`,
      },
    ],
    margin: [0, 0, 0, 6],
  };
}

function patientBlock({ source, print }: ReportParts): Content {
  const { study, series } = source.case;
  const pair = (label: string, value: string, colSpan = 1): TableCell => ({
    colSpan,
    stack: [
      { text: label, style: 'label' },
      { text: print.of(value) || '–', bold: label === 'Patient' },
    ],
  });
  const sex = { M: 'male', F: 'female', O: 'other' }[study.patientSex] ?? study.patientSex;
  const size = `${series.size.join(' × ')} voxels of ${series.spacingMm.map((mm) => round(mm, 3)).join(' × ')} mm`;
  return {
    table: {
      widths: ['*', '*', '*', '*'],
      body: [
        [
          pair('Patient', displayName(study.patientName)),
          pair('Patient ID', study.patientId),
          pair('Born', study.patientBirthDate),
          pair('Sex', sex),
        ],
        [
          pair('Study', study.description),
          pair('Study date', study.studyDate),
          pair('Accession number', study.accessionNumber),
          pair('Modality', series.modality),
        ],
        [pair('Series', series.description, 2), '', pair('Grid', size, 2), ''],
      ],
    },
    layout: {
      hLineWidth: (line, node) => (line === 0 || line === node.table.body.length ? 0.8 : 0),
      vLineWidth: () => 0,
      hLineColor: () => RULE,
      paddingTop: () => 4,
      paddingBottom: () => 4,
    },
  };
}

function segmentTable({ source, facts, unit, print }: ReportParts): Content[] {
  const number = (value: string): TableCell => ({ text: value, alignment: 'right' });
  const rows = facts.map(({ segment, voxels, volumeMl, mean, standardDeviation }): TableCell[] => [
    { canvas: [{ type: 'rect', x: 0, y: 2, w: 9, h: 9, color: segment.color, lineColor: INK, lineWidth: 0.3 }] },
    {
      stack: [
        { text: print.of(segment.name), bold: true },
        {
          text: print.of(segmentMaking(segment, source.editCodes, segmentOrigins(segment, source)).words),
          style: 'quiet',
        },
      ],
    },
    { text: print.of(codeOf(segment)), style: 'quiet' },
    number(round(volumeMl, volumeMl < 10 ? 2 : 1)),
    number(voxels.toLocaleString('en').replaceAll(',', ' ')),
    number(`${round(mean, 0)} ± ${round(standardDeviation, 0)}`),
  ]);
  const head = (text: string, alignment: 'left' | 'right' = 'left'): TableCell => ({ text, style: 'head', alignment });
  return [
    { text: 'Segments', style: 'section' },
    ruled(
      [14, '*', 150, 56, 66, 76],
      [
        [
          head(''),
          head('Name'),
          head('Coded type'),
          head('Volume, ml', 'right'),
          head('Voxels', 'right'),
          head(`Mean ± SD${unit ? `, ${unit}` : ''}`, 'right'),
        ],
        ...rows,
      ],
    ),
  ];
}

function keyImages({ pictures, print }: ReportParts): Content[] {
  return pictures.planes.map(({ segment, images }) => ({
    unbreakable: true,
    stack: [
      { text: `Key images: ${print.of(segment.name)}`, style: 'section' },
      { columns: images.map((image) => ({ image, fit: [166, 190], alignment: 'center' as const })), columnGap: 6 },
      {
        text: 'Axial, coronal and sagittal slice with the largest area of the segment. The bar gives the scale.',
        style: 'quiet',
        margin: [0, 4, 0, 0],
      },
    ],
  }));
}

function surfaces({ pictures, facts, print }: ReportParts): Content[] {
  const legend = facts.flatMap(({ segment }, n) => [
    { text: n > 0 ? '     ' : '' },
    { text: '■ ', color: segment.color },
    { text: print.of(segment.name) },
  ]);
  return [
    {
      unbreakable: true,
      stack: [
        { text: 'Surfaces', style: 'section' },
        { image: pictures.surfaces, fit: [500, 400], alignment: 'center' },
        { text: legend, alignment: 'center', fontSize: 8.5 },
        {
          text: `Seen from the front and a little from the patient’s left; head up. Smoothed for the picture${
            facts.length > 1 && facts.some(({ segment }) => isLung(segment)) ? '; lungs are see-through' : ''
          }.`,
          style: 'quiet',
          alignment: 'center',
        },
      ],
    },
  ];
}

function measurementTable({ source, print }: ReportParts): Content[] {
  const { measurements } = source.case;
  if (measurements.length === 0) return [];
  const rows = measurements.map((m): TableCell[] => [
    { text: print.of(m.label) || m.kind },
    { text: m.kind },
    { text: valuesOf(m) },
    { text: (m.pointsLps[0] ?? []).map((mm) => round(mm, 1)).join(', '), style: 'quiet' },
  ]);
  const head = ['Label', 'Kind', 'Value', 'First point, LPS mm'].map((text): TableCell => ({ text, style: 'head' }));
  return [{ text: 'Measurements', style: 'section' }, ruled(['*', 70, 190, 110], [head, ...rows])];
}

function provenanceBlock({ source, print }: ReportParts): Content[] {
  const { provenance } = source.detail;
  const accepted = 'A person accepted its proposal, or what is listed here of it, before this report.';
  const proposed = provenance ? [`${originInWords([provenance])} ${accepted}`] : [];
  const kept = source.segments.flatMap(({ number, name }) => {
    const origins = source.keptAnswers.filter(({ segment }) => segment === number).map((each) => each.provenance);
    return origins.length > 0
      ? [`${name}: ${originInWords(origins)} A person looked at each outline and kept it.`]
      : [];
  });
  const paragraphs = [...proposed, ...kept];
  if (paragraphs.length === 0) return [];
  return [
    { text: 'Made with a model', style: 'section' },
    ...paragraphs.map((words): Content => ({ text: print.of(words), margin: [0, 0, 0, 4] })),
  ];
}

function warningsBlock({ source, print }: ReportParts): Content[] {
  const { warnings } = source.case.series;
  // What the window said of the model's answer before it was accepted.
  const models = [source.detail.provenance, ...source.keptAnswers.map(({ provenance }) => provenance)];
  const said = [...warnings, ...models.flatMap((model) => model?.warnings ?? [])].map(({ message }) => message);
  const sentences = [...new Set([...said, ...source.notes])];
  if (sentences.length === 0) return [];
  return [{ text: 'To bear in mind', style: 'section' }, { ul: sentences.map((sentence) => print.of(sentence)) }];
}

function signature({ source }: ReportParts): Content {
  const line = (label: string): Content => ({
    stack: [
      { canvas: [{ type: 'line', x1: 0, y1: 0, x2: 150, y2: 0, lineWidth: 0.7, lineColor: INK }] },
      { text: label, style: 'label', margin: [0, 3, 0, 0] },
    ],
  });
  return {
    unbreakable: true,
    margin: [0, 18, 0, 0],
    stack: [
      {
        text: `Segmentation last changed ${minutesUtc(source.detail.savedAt)} UTC, revision ${source.detail.revision}.`,
        style: 'quiet',
      },
      { columns: [line('Name'), line('Date'), line('Signature')], columnGap: 18, margin: [0, 44, 0, 0] },
    ],
  };
}

function ruled(widths: (number | string)[], body: TableCell[][]): Content {
  return {
    table: { headerRows: 1, dontBreakRows: true, widths, body },
    layout: {
      hLineWidth: (line) => (line === 0 ? 0 : line === 1 ? 0.8 : 0.4),
      vLineWidth: () => 0,
      hLineColor: () => RULE,
      paddingTop: () => 3,
      paddingBottom: () => 3,
    },
  };
}

function codeOf({ codes }: Segment): string {
  const side = codes.modifier ? `, ${codes.modifier.meaning}` : '';
  return `${codes.type.meaning}${side}\n${codes.type.scheme} ${codes.type.value}`;
}

const VALUE_NAMES: Readonly<Record<string, readonly [name: string, unit: string]>> = {
  lengthMm: ['', 'mm'],
  angleDegrees: ['', '°'],
  areaMm2: ['area', 'mm²'],
  meanHu: ['mean', 'HU'],
  standardDeviationHu: ['SD', 'HU'],
};

function valuesOf({ values }: Measurement): string {
  return Object.entries(values)
    .map(([key, value]) => {
      const [name, unit] = VALUE_NAMES[key] ?? [key, ''];
      return `${name} ${round(value, 1)} ${unit}`.trim();
    })
    .join(', ');
}

function round(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
