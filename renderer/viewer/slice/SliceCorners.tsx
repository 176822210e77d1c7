/** The words over a slice: plane and slice, spacing and slab, window and zoom, scale, letters of the directions. All from geometry. */
import type { Plane } from '#core/geometry/anatomicalAxes.ts';
import { obliquityDegrees } from '#core/geometry/anatomicalAxes.ts';
import { slabRange } from '#core/rendering/slab.ts';
import { edgeLetters } from '#core/rendering/sliceLayout.ts';
import { words } from '../../words/index.ts';
import { patientInWords } from '../frame/patientInWords.ts';
import { geometryNotes } from '../seriesNotes.ts';
import { shownSlice, useViewer } from '../viewerStore.ts';
import { scaleBar } from './scaleBar.ts';
import classes from './slice.module.css';
import { sliceTransform, type ViewSize } from './sliceTransform.ts';

/** Axes that lie further than this from the anatomical ones are told. */
const OBLIQUE_DEGREES = 2;
/** Smaller views leave the patient to the top bar. */
const ROOM_FOR_PATIENT = { width: 700, height: 420 };

export function SliceCorners({ plane, size }: { readonly plane: Plane; readonly size: ViewSize }) {
  const detail = useViewer((state) => state.detail);
  const volume = useViewer((state) => state.volume);
  const crosshairLps = useViewer((state) => state.crosshairLps);
  const camera = useViewer((state) => state.cameras[plane]);
  const { center, width } = useViewer((state) => state.window);
  const slab = useViewer((state) => state.slab);
  const shown = shownSlice({ volume, crosshairLps }, plane);
  if (detail === null || volume === null || shown === null || size.width === 0) return null;
  const { layout, index } = shown;
  const { slice } = words.viewer;
  const transform = sliceTransform(layout, size, camera);
  const letters = edgeLetters(volume.geometry, plane);
  const oblique = obliquityDegrees(volume.geometry);
  const isLarge = size.width >= ROOM_FOR_PATIENT.width && size.height >= ROOM_FOR_PATIENT.height;
  const { name, id } = patientInWords(detail.study);
  return (
    <>
      <div className={classes['corner']} data-corner="top-left">
        <strong style={{ color: `var(--${plane})` }}>
          {words.viewer.planes[plane]} {index + 1} / {layout.count}
        </strong>
        {isLarge && (
          <span className={classes['quiet']}>
            {name}, {id}
          </span>
        )}
        {isLarge && detail.series.description && <span className={classes['quiet']}>{detail.series.description}</span>}
      </div>
      <div className={classes['corner']} data-corner="top-right">
        <span>{thicknessInWords()}</span>
        {oblique > OBLIQUE_DEGREES && <span className={classes['note']}>{slice.oblique(oblique.toFixed(0))}</span>}
        {geometryNotes(detail.series.warnings).map((note) => (
          <span key={note} className={classes['note']}>
            {note}
          </span>
        ))}
      </div>
      <div className={classes['corner']} data-corner="bottom-left">
        <span>{slice.window(figure(width), figure(center))}</span>
        <span>{slice.zoom((100 * transform.scaleX).toFixed(0))}</span>
      </div>
      <div className={classes['corner']} data-corner="bottom-right">
        <span>{scaleBar(transform, size).text}</span>
      </div>
      <div className={classes['letters']} aria-hidden>
        <b data-side="left">{letters.left}</b>
        <b data-side="right">{letters.right}</b>
        <b data-side="top">{letters.top}</b>
        <b data-side="bottom">{letters.bottom}</b>
      </div>
    </>
  );

  function thicknessInWords(): string {
    const mm = slice.spacing(figure(layout.sliceSpacingMm));
    if (slab.mode === 'off') return mm;
    const [first, last] = slabRange(layout, index, slab.thicknessMm);
    return `${slice.slab[slab.mode]} ${slice.spacing(figure((last - first + 1) * layout.sliceSpacingMm))}`;
  }
}

/** Four figures at most, none of them a nought behind the point. */
function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits))).replace('-', '−');
}
