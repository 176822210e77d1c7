/** The panel of segment mode: sections in a fixed order that never jump. State: segmentationStore.ts and its neighbours. */
import { Loader } from '@mantine/core';
import { useEffect } from 'react';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { words } from '../words/index.ts';
import { AiSection } from './AiSection.tsx';
import { DoubtSection } from './DoubtSection.tsx';
import { ExplanationSection } from './ExplanationSection.tsx';
import classes from './editor.module.css';
import { watchEditorKeyboard } from './editorKeyboard.ts';
import { HistorySection } from './HistorySection.tsx';
import { OperationsSection } from './OperationsSection.tsx';
import { openEditor } from './openEditor.ts';
import { ProposalSection } from './ProposalSection.tsx';
import { SavingNotice } from './SavingNotice.tsx';
import { SegmentsSection } from './SegmentsSection.tsx';
import { SurfaceSection } from './SurfaceSection.tsx';
import { useEditor } from './segmentationStore.ts';
import { ToolSection } from './ToolSection.tsx';
import { UndoBar } from './UndoBar.tsx';

export function EditorPanel() {
  const loading = useEditor((state) => state.loading);
  const error = useEditor((state) => state.error);
  const seriesId = useEditor((state) => state.seriesId);
  useEffect(() => watchEditorKeyboard(), []);
  const retry = loading === 'failed' && seriesId !== null ? { onRetry: () => void openEditor(seriesId) } : {};
  return (
    <div className={classes['panel']}>
      {/* In sight however far the panel is scrolled: what went wrong, and what is not on disk. */}
      <div className={classes['panelTop']}>
        <UndoBar />
        {error && (
          <ErrorNotice
            className={classes['notice'] ?? ''}
            error={error}
            onDismiss={() => useEditor.setState({ error: null })}
            {...retry}
          />
        )}
        <SavingNotice />
      </div>
      {loading === 'loading' && (
        <p className={classes['quiet']}>
          <Loader size={12} /> {words.editor.loading}
        </p>
      )}
      <ProposalSection />
      <DoubtSection />
      <ExplanationSection />
      <SegmentsSection />
      <ToolSection />
      <OperationsSection />
      <AiSection />
      <SurfaceSection />
      <HistorySection />
    </div>
  );
}
