/**
 * The frame of an open case: top bar, tools, views, panel, status line. The state is viewerStore.ts; the image comes by
 * useVolume.ts; keys are keyboard.ts. Next: frame/ViewGrid.tsx, slice/SliceView.tsx.
 */
import { Progress } from '@mantine/core';
import { useEffect } from 'react';
import { useSession } from '../app/sessionStore.ts';
import { useEditorSeries } from '../editor/useEditorSeries.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { words } from '../words/index.ts';
import classes from './frame/frame.module.css';
import { RightPanel } from './frame/RightPanel.tsx';
import { StatusLine } from './frame/StatusLine.tsx';
import { ToolRail } from './frame/ToolRail.tsx';
import { TopBar } from './frame/TopBar.tsx';
import { useViewerCommands } from './frame/useViewerCommands.ts';
import { ViewGrid } from './frame/ViewGrid.tsx';
import { watchKeyboard } from './keyboard.ts';
import { watchSpaceKey } from './slice/spaceKey.ts';
import { useVolume } from './useVolume.ts';
import { useViewer } from './viewerStore.ts';

export interface WorkstationProps {
  readonly seriesId: string;
  readonly onBack: () => void;
}

export function Workstation({ seriesId, onBack }: WorkstationProps) {
  const retry = useVolume(seriesId);
  useEditorSeries(seriesId);
  const loading = useViewer((state) => state.loading);
  const initialMode = useSession((state) => state.openCase?.mode ?? 'view');
  useEffect(() => useViewer.getState().setMode(initialMode), [initialMode]);
  useEffect(() => {
    const stops = [watchKeyboard(), watchSpaceKey()];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  useViewerCommands();
  const share = loading.totalBytes === 0 ? 0 : (100 * loading.doneBytes) / loading.totalBytes;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  return (
    <div className={classes['frame']}>
      <TopBar onBack={onBack} />
      <ToolRail />
      <main className={classes['views']}>
        {loading.state === 'loading' && (
          <Progress
            className={classes['progress'] ?? ''}
            value={share}
            size={3}
            radius={0}
            aria-label={words.viewer.loading(megabytes(loading.doneBytes), megabytes(loading.totalBytes))}
          />
        )}
        {loading.error !== null && (
          <div className={classes['trouble']}>
            <ErrorNotice error={loading.error} onRetry={retry} />
          </div>
        )}
        <ViewGrid />
      </main>
      <RightPanel />
      <StatusLine />
    </div>
  );
}
