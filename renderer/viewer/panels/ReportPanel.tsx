/** Report mode: the figures of the accepted segmentations, and the ways out: DICOM SEG, NIfTI, NRRD, STL, PDF. */
import { Loader, NativeSelect, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type ExportFormat, exportFormat } from '#contract/schemas/exportResult.ts';
import type { SegmentationSummary } from '#contract/schemas/segmentation.ts';
import type { LanternError } from '#core/errors/lanternError.ts';
import { rpc } from '../../app/client.ts';
import { errorOf } from '../../app/errorOf.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { PanelSection } from '../../ui/PanelSection.tsx';
import { mlInWords } from '../../ui/volumeInWords.ts';
import { words } from '../../words/index.ts';
import { MeasurementList } from '../measurements/MeasurementList.tsx';
import { useViewer } from '../viewerStore.ts';
import { exportSegmentation } from './exportResult.ts';
import { GeometrySection } from './GeometrySection.tsx';
import classes from './panels.module.css';

type Outcome = { readonly text: string; readonly notes: readonly string[] };

export function ReportPanel() {
  const seriesId = useViewer((state) => state.detail?.series.id ?? '');
  const [all, setAll] = useState<readonly SegmentationSummary[] | null>(null);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [error, setError] = useState<LanternError | null>(null);
  useEffect(() => {
    // Asked again each time: the figures must be those on disk now.
    const controller = new AbortController();
    rpc.series
      .get({ id: seriesId }, { signal: controller.signal })
      .then(({ series }) => setAll(series.segmentations))
      .catch((reason) => !controller.signal.aborted && setError(errorOf(reason)));
    return () => controller.abort();
  }, [seriesId]);
  const w = words.viewer.report;
  const accepted = (all ?? []).filter(({ state }) => state === 'accepted');
  const chosen = accepted.find(({ id }) => id === chosenId) ?? accepted[0];
  return (
    <>
      <GeometrySection />
      <PanelSection title={w.figures}>
        {error && <ErrorNotice error={error} onDismiss={() => setError(null)} />}
        {accepted.length > 1 && (
          <Select
            size="xs"
            aria-label={w.segmentation}
            allowDeselect={false}
            value={chosen?.id ?? null}
            data={accepted.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={setChosenId}
            mb={8}
          />
        )}
        {chosen === undefined ? (
          all !== null && <p className={classes['quiet']}>{w.noSegments}</p>
        ) : (
          <Figures of={chosen} />
        )}
        {all?.some(({ state }) => state === 'proposed') && <p className={classes['quiet']}>{w.proposed}</p>}
      </PanelSection>
      <PanelSection title={w.export}>
        <Exports key={chosen?.id} of={chosen} onError={setError} />
        <p className={classes['quiet']}>{w.notDevice}</p>
      </PanelSection>
      <MeasurementList />
    </>
  );
}

function Figures({ of }: { readonly of: SegmentationSummary }) {
  const w = words.viewer.report;
  return (
    <table className={classes['table']} aria-label={of.name}>
      <thead>
        <tr>
          <th>{w.segment}</th>
          <th className={classes['number']}>{w.volume}</th>
        </tr>
      </thead>
      <tbody>
        {of.segments.map(({ number, name, color, volumeMl }) => (
          <tr key={number}>
            <td>
              <span className={classes['swatch']} style={{ background: color }} aria-hidden />
              {name}
            </td>
            <td className={classes['number']}>{mlInWords(volumeMl)} ml</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ExportsProps {
  readonly of: SegmentationSummary | undefined;
  readonly onError: (error: LanternError | null) => void;
}

function Exports({ of, onError }: ExportsProps) {
  const [segment, setSegment] = useState<number | null>(null);
  const [running, setRunning] = useState<ExportFormat | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const w = words.viewer.report;
  const run = async (format: ExportFormat) => {
    if (of === undefined) return;
    setRunning(format);
    setOutcome(null);
    onError(null);
    try {
      const one = of.segments.find(({ number }) => number === segment);
      const result = await exportSegmentation(
        { segmentationId: of.id, format, ...(one && { segment: one.number }) },
        one?.name ?? of.name,
      );
      const size = result === null ? '' : sizeInWords(result.bytes);
      setOutcome(
        result === null ? { text: w.cancelled, notes: [] } : { text: w.done(result.file, size), notes: result.notes },
      );
    } catch (reason) {
      onError(errorOf(reason));
    } finally {
      setRunning(null);
    }
  };
  return (
    <>
      {of !== undefined && of.segments.length > 1 && (
        <NativeSelect
          size="xs"
          label={w.what}
          value={segment ?? ''}
          data={[
            { value: '', label: w.allSegments },
            ...of.segments.map(({ number, name }) => ({ value: String(number), label: name })),
          ]}
          onChange={({ currentTarget: { value } }) => setSegment(value === '' ? null : Number(value))}
          mb={8}
        />
      )}
      <div className={classes['formats']}>
        {exportFormat.options.map((format) => (
          <button
            key={format}
            type="button"
            className={classes['format']}
            disabled={of === undefined || running !== null}
            onClick={() => void run(format)}
          >
            <span>
              {w.formats[format]} {running === format && <Loader size={12} />}
            </span>
            <small>{running === format ? w.exporting(w.formats[format]) : w.formatHelp[format]}</small>
          </button>
        ))}
      </div>
      {outcome !== null && (
        <output className={classes['result']}>
          {outcome.text}
          {outcome.notes.map((note) => (
            <small key={note} className={classes['quiet']}>
              <br />
              {note}
            </small>
          ))}
        </output>
      )}
    </>
  );
}

function sizeInWords(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
