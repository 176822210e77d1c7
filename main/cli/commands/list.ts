/** `list`: all studies with their series and segmentations. */
import type { SegmentationSummary } from '#contract/schemas/segmentation.ts';
import type { SeriesSummary, StudySummary } from '#contract/schemas/study.ts';
import type { Answer, CommandContext } from '../command.ts';

export async function run(context: CommandContext): Promise<Answer> {
  const { rpc, call } = await context.openUnlocked();
  const { studies } = await call(rpc.studies.list());
  return {
    json: { studies },
    text: studies.length > 0 ? studies.flatMap(studyLines).join('\n') : 'The vault holds no study.',
  };
}

function studyLines(study: StudySummary): string[] {
  const { patientName, patientId, studyDate, description, id } = study;
  return [`${patientName} (${patientId}) ${studyDate} ${description}  ${id}`, ...study.series.flatMap(seriesLines)];
}

function seriesLines(series: SeriesSummary): string[] {
  const { modality, description, size, spacingMm, instances, warnings, segmentations, id } = series;
  const grid = `${size.join(' × ')} voxels of ${spacingMm.map((mm) => mm.toFixed(2)).join(' × ')} mm`;
  return [
    `  ${modality} ${description}: ${grid}, ${instances} files  ${id}`,
    ...warnings.map(({ message }) => `    warning: ${message}`),
    ...segmentations.flatMap(segmentationLines),
  ];
}

function segmentationLines({ name, state, segments, id }: SegmentationSummary): string[] {
  return [
    `    ${name}, ${state}  ${id}`,
    ...segments.map((segment) => `      ${segment.number} ${segment.name}: ${segment.volumeMl.toFixed(1)} ml`),
  ];
}
