/**
 * Report mode: the figures of the segmentation that is drawn, and the ways out: DICOM SEG, NIfTI, NRRD, STL, PDF. What leaves is what is
 * open in the editor; who chooses another here opens it there.
 */
import { Loader, NativeSelect, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type ExportFormat, exportFormat } from '#contract/schemas/exportResult.ts';
import type { SegmentationSummary } from '#contract/schemas/segmentation.ts';
import type { LanternErrorData } from '#core/errors/lanternError.ts';
import { rpc } from '../../app/client.ts';
import { errorOf } from '../../app/errorOf.ts';
import { chooseSegmentation, openEditor } from '../../editor/openEditor.ts';
import { SavingNotice } from '../../editor/SavingNotice.tsx';
import { savingSettled, useEditor } from '../../editor/segmentationStore.ts';
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
  const [error, setError] = useState<LanternErrorData | null>(null);
  const drawnId = useEditor((state) => state.current?.id);
  const rejections = useEditor((state) => state.rejections);
  const isOpening = useEditor((state) => state.loading === 'loading');
  const cannotDraw = useEditor((state) => (state.loading === 'failed' ? state.error : null));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one that is drawn has figures of its own
  useEffect(() => {
    // Asked again each time, when all is saved: the figures must be those that are drawn and on disk now.
    const controller = new AbortController();
    const { signal } = controller;
    savingSettled()
      .then(() => rpc.series.get({ id: seriesId }, { signal }))
      .then(({ series }) => !signal.aborted && setAll(series.segmentations))
      .catch((reason) => !signal.aborted && setError(errorOf(reason)));
    return () => controller.abort();
  }, [seriesId, drawnId]);
  const w = words.viewer.report;
  const accepted = (all ?? []).filter(({ state }) => state === 'accepted');
  const isWaiting = all?.some(({ id, state }) => state === 'proposed' && !rejections.some((one) => one.id === id));
  const drawn = accepted.find(({ id }) => id === drawnId);
  // Nothing leaves that nobody has looked at: one that was made elsewhere meanwhile is drawn first.
  const isUndrawn = accepted.length > 0 && drawn === undefined && !isOpening;
  // Several may have been made by one model: as in Segment, each has its number.
  const nameOf = (id: string): string => {
    const n = accepted.findIndex((each) => each.id === id);
    return accepted.length > 1 ? `${n + 1} · ${accepted[n]?.name}` : (accepted[n]?.name ?? '');
  };
  const choose = async (id: string) => {
    setError(null);
    await chooseSegmentation(id);
    const { current, error: reason } = useEditor.getState();
    if (current?.id !== id) setError(reason);
  };
  return (
    <>
      <GeometrySection />
      <PanelSection title={w.figures}>
        {error && <ErrorNotice error={error} onDismiss={() => setError(null)} />}
        {cannotDraw && <ErrorNotice error={cannotDraw} onRetry={() => void openEditor(seriesId)} />}
        <SavingNotice />
        {accepted.length > 1 || isUndrawn ? (
          <Select
            size="xs"
            label={w.segmentation}
            placeholder={w.choose}
            allowDeselect={false}
            value={drawn?.id ?? null}
            data={accepted.map(({ id }) => ({ value: id, label: nameOf(id) }))}
            onChange={(id) => id !== null && void choose(id)}
            mb={8}
          />
        ) : (
          drawn && <p className={classes['named']}>{nameOf(drawn.id)}</p>
        )}
        {drawn && <Figures of={drawn} />}
        {all !== null && accepted.length === 0 && <p className={classes['quiet']}>{w.noSegments}</p>}
        {isWaiting && <p className={classes['quiet']}>{w.proposed}</p>}
      </PanelSection>
      <PanelSection title={w.export}>
        {drawn && <p className={classes['leaves']}>{w.leaves(nameOf(drawn.id))}</p>}
        <Exports key={drawn?.id} of={drawn} onError={setError} />
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
  readonly onError: (error: LanternErrorData | null) => void;
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
      // Else the file would lack what is drawn; why it could not be saved is told above.
      if (!(await savingSettled())) return;
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
