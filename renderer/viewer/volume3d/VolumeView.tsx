/**
 * The 3D view: container of the scene, words in the corners, the buttons of the six sides. vtk.js is fetched when the image is
 * there, so that it never delays the first slice. Next: volumeController.ts (what is shown), VolumeScene.ts (how it is drawn).
 */
import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { orientationLetters } from '#core/geometry/anatomicalAxes.ts';
import type { Vector3 } from '#core/geometry/points.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { words } from '../../words/index.ts';
import { geometryNotes } from '../seriesNotes.ts';
import { scaleBar } from '../slice/scaleBar.ts';
import slice from '../slice/slice.module.css';
import { type ElementSize, useElementSize } from '../slice/useElementSize.ts';
import { useViewer } from '../viewerStore.ts';
import { presetOf } from './presetOf.ts';
import { usePresets } from './usePresets.ts';
import type { CameraReadout } from './VolumeScene.ts';
import classes from './volume3d.module.css';
import { VolumeController } from './volumeController.ts';
import { effectiveKind, lookFrom, SIDES, useVolume3d } from './volumeStore.ts';

export function VolumeView() {
  const view = useRef<HTMLElement>(null);
  const container = useRef<HTMLDivElement>(null);
  const controller = useRef<VolumeController>(null);
  const [camera, setCamera] = useState<CameraReadout | null>(null);
  const [attempt, setAttempt] = useState(0);
  const size = useElementSize(view);
  const active = useViewer((state) => state.activeView === 'volume');
  const state = useVolume3d((volume) => volume.state);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt makes a new scene
  useEffect(() => {
    if (view.current === null || container.current === null) return;
    const made = new VolumeController(view.current, container.current, setCamera);
    controller.current = made;
    return () => made.dispose();
  }, [attempt]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new scene has to be told its size, too
  useEffect(() => controller.current?.resize(size), [size, attempt]);

  const w = words.viewer.volume;
  return (
    <section
      ref={view}
      aria-label={words.viewer.views.volume}
      className={slice['view']}
      data-view="volume"
      data-active={active || undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a view is worked with by keys
      tabIndex={0}
      onPointerDown={() => useViewer.getState().setActiveView('volume')}
      onDoubleClick={() => useViewer.getState().toggleLarge('volume')}
    >
      <div ref={container} className={classes['container']} />
      {camera !== null && state === 'ready' && <Graphics camera={camera} size={size} />}
      <Corners camera={camera} size={size} />
      {state === 'preparing' && <p className={classes['message']}>{w.preparing}</p>}
      {state === 'no-webgl' && <p className={classes['message']}>{w.noWebgl}</p>}
      {state === 'lost' && (
        <div className={classes['message']}>
          <p>{w.lost}</p>
          <Button size="compact-sm" variant="default" onClick={() => setAttempt(attempt + 1)}>
            {w.again}
          </Button>
        </div>
      )}
    </section>
  );
}

interface PartProps {
  readonly camera: CameraReadout;
  readonly size: ElementSize;
}

function Graphics({ camera, size }: PartProps) {
  const flip = ([x, y, z]: Vector3): Vector3 => [-x, -y, -z];
  const letters = {
    right: orientationLetters(camera.right),
    left: orientationLetters(flip(camera.right)),
    top: orientationLetters(camera.up),
    bottom: orientationLetters(flip(camera.up)),
  };
  return (
    <>
      <svg className={slice['graphics']} width={size.width} height={size.height} aria-hidden>
        <path className={slice['rim']} d={scaleBar(camera, size).path} />
        <path className={slice['scaleBar']} d={scaleBar(camera, size).path} />
      </svg>
      <div className={slice['letters']} aria-hidden>
        {(['left', 'right', 'top', 'bottom'] as const).map((side) => (
          <b key={side} data-side={side}>
            {letters[side]}
          </b>
        ))}
      </div>
    </>
  );
}

function Corners({ camera, size }: { readonly camera: CameraReadout | null; readonly size: ElementSize }) {
  const volume3d = useVolume3d();
  const w = words.viewer.volume;
  const { side, note, state, hasProposal } = volume3d;
  const warnings = useViewer((viewer) => viewer.detail?.series.warnings) ?? [];
  const preset = presetOf(volume3d, usePresets());
  return (
    <>
      <div className={slice['corner']} data-corner="top-left">
        <strong>
          {w.title} {state === 'ready' && w.as[effectiveKind(volume3d)]}
        </strong>
        {preset && <span className={slice['quiet']}>{w.presets[preset.id]}</span>}
        {hasProposal && <span className={slice['quiet']}>{w.proposal}</span>}
      </div>
      <div className={slice['corner']} data-corner="top-right">
        <span>{side === null ? w.free : w.from[side]}</span>
      </div>
      <div className={`${slice['corner']} ${classes['note']}`} data-corner="bottom-left">
        {geometryNotes(warnings).map((each) => (
          <span key={each} className={slice['note']}>
            {each}
          </span>
        ))}
        {state === 'ready' && note !== '' && <span>{note}</span>}
      </div>
      <div className={slice['corner']} data-corner="bottom-right">
        {camera !== null && state === 'ready' && <span>{scaleBar(camera, size).text}</span>}
      </div>
      {camera !== null && state === 'ready' && (
        <div className={classes['sides']}>
          {SIDES.map((each) => (
            <button
              key={each}
              type="button"
              className={classes['side']}
              aria-label={w.fromNamed(w.from[each])}
              aria-pressed={each === side}
              title={w.from[each]}
              onClick={() => lookFrom(each)}
            >
              {each}
            </button>
          ))}
          <IconButton icon={IconRefresh} label={w.reset} size="small" onClick={() => lookFrom('A')} />
        </div>
      )}
    </>
  );
}
