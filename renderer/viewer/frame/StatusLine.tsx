/** What the tool does; what lies under the pointer (value, LPS mm, voxel); jobs; the provider in use; whether all is saved. */
import { IconCpu, IconDeviceFloppy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { rpc } from '../../app/client.ts';
import { JobStatus } from '../../app/JobStatus.tsx';
import { words } from '../../words/index.ts';
import { toolById } from '../tools/currentTool.ts';
import { useViewer } from '../viewerStore.ts';
import classes from './frame.module.css';
import { lpsInWords } from './lpsInWords.ts';
import { useSavedState } from './useSavedState.ts';

export function StatusLine() {
  const toolId = useViewer((state) => state.toolId);
  const activeView = useViewer((state) => state.activeView);
  const w = words.viewer;
  const hint = activeView === 'volume' ? w.gestures.volume : toolById(toolId)?.hint;
  return (
    <footer className={classes['status']} role="status" aria-live="off">
      <span className={classes['hint']}>{hint}</span>
      <JobStatus />
      <Readout />
      <Provider />
      <Saved />
    </footer>
  );
}

function Readout() {
  const pointer = useViewer((state) => state.pointer);
  const unit = useViewer((state) => state.detail?.volume.unit ?? '');
  const mode = useViewer((state) => state.slab.mode);
  if (pointer === null) return null;
  const [i, j, k] = [Math.round(pointer.indexIjk[0]), Math.round(pointer.indexIjk[1]), Math.round(pointer.indexIjk[2])];
  const { status } = words.viewer;
  return (
    <span className={classes['readout']}>
      <span>{pointer.value === null ? status.outside : status.value(valueInWords(pointer.value), unit)}</span>
      {mode !== 'off' && pointer.value !== null && <span>{status.slab(words.viewer.panels.slabModes[mode])}</span>}
      <span>{lpsInWords(pointer.pointLps)}</span>
      <span>{status.voxel(i, j, k)}</span>
    </span>
  );
}

function Provider() {
  const [name, setName] = useState('');
  useEffect(() => {
    const controller = new AbortController();
    rpc.models
      .providers(undefined, { signal: controller.signal })
      .then(({ providers }) => setName(providers.find((provider) => provider.inUse)?.name ?? ''))
      // Without an answer nothing is said; the settings tell what is wrong with the providers.
      .catch(() => setName(''));
    return () => controller.abort();
  }, []);
  if (name === '') return null;
  return (
    <span className={classes['state']}>
      <IconCpu size={13} stroke={1.6} aria-hidden />
      {words.viewer.status.provider(name)}
    </span>
  );
}

const SAVED_TONES = { saving: undefined, saved: 'good', failed: 'danger' } as const;

function Saved() {
  const saved = useSavedState();
  if (saved === 'nothing') return null;
  return (
    <span className={classes['state']} data-tone={SAVED_TONES[saved]}>
      <IconDeviceFloppy size={13} stroke={1.6} aria-hidden />
      {saved === 'failed' ? words.editor.saving.notSaved : words.viewer.status[saved]}
    </span>
  );
}

/** Whole HU; three figures of a fraction at most. */
function valueInWords(value: number): string {
  const text = Number.isInteger(value) ? String(value) : value.toPrecision(4);
  return text.replace('-', '−');
}
