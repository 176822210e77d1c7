/**
 * The report: what was segmented in whom, by whom or what, with pictures, for a clinician to sign. Text is laid out by pdfmake;
 * fonts are embedded. Next: reportContent.ts (the pages), pictures.ts.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pdfmake from 'pdfmake';
import type { Segment } from '#core/segmentation/segment.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import type { SeriesVolume } from '../../studies/loadVolume.ts';
import type { ExportSource } from '../exportSource.ts';
import { fontCoverage } from './fontCoverage.ts';
import { isLung, planePictures, pngOf, surfacePicture } from './pictures.ts';
import { PrintableText } from './printableText.ts';
import { type ReportPictures, reportContent } from './reportContent.ts';
import { segmentFacts } from './segmentFacts.ts';

/** So many segments get pictures of their own, lesions before organs; the surfaces and the table show all. */
const PICTURED_SEGMENTS = 3;

export async function reportPdf(
  source: ExportSource,
  volume: SeriesVolume,
  progress: JobContext['progress'],
): Promise<Uint8Array> {
  const { layers, segments, geometry } = source;
  const step = (done: number, phase: string): void => progress(done, 3, 'steps', phase);
  step(0, 'Drawing the key images');
  const facts = segmentFacts(volume, layers, segments);
  const pictured = [...facts]
    .sort((a, b) => Number(isAbnormal(b.segment)) - Number(isAbnormal(a.segment)) || b.volumeMl - a.volumeMl)
    .slice(0, PICTURED_SEGMENTS);
  const planes = pictured.map(({ segment, bestIndex }) => ({
    segment,
    images: planePictures(
      { volume, window: windowFor(segment, volume), layers, segments, widthPx: 560 },
      bestIndex,
    ).map(dataUrl),
  }));
  step(1, 'Drawing the surfaces');
  const surfaces = surfacePicture({ layers, segments, geometry, size: [900, 760], background: [255, 255, 255] });
  const pictures: ReportPictures = { planes, surfaces: dataUrl(surfaces) };
  step(2, 'Setting the pages');
  const font = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');
  const print = new PrintableText(fontCoverage(await readFile(join(font, 'Roboto-Regular.ttf'))));
  const content = reportContent({ source, facts, pictures, unit: volume.unit, print, at: new Date() });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path: string) => path.startsWith(font));
  pdfmake.setFonts({
    Roboto: {
      normal: join(font, 'Roboto-Regular.ttf'),
      bold: join(font, 'Roboto-Medium.ttf'),
      italics: join(font, 'Roboto-Italic.ttf'),
      bolditalics: join(font, 'Roboto-MediumItalic.ttf'),
    },
  });
  if (print.replaced) {
    source.notes.push('Some characters are not in the report’s font; they stand there as their Unicode numbers.');
  }
  return new Uint8Array(await pdfmake.createPdf(content).getBuffer());
}

/** HU. Lungs are black in the window of soft tissue. */
const LUNG_WINDOW = { center: -600, width: 1500 };

function windowFor(segment: Segment, { unit, window }: SeriesVolume): SeriesVolume['window'] {
  return unit === 'HU' && isLung(segment) ? LUNG_WINDOW : window;
}

/** SNOMED CT 49755003, Morphologically Altered Structure. */
function isAbnormal({ codes }: Segment): boolean {
  return codes.category.scheme === 'SCT' && codes.category.value === '49755003';
}

function dataUrl(image: Parameters<typeof pngOf>[0]): string {
  return `data:image/png;base64,${pngOf(image).toString('base64')}`;
}
