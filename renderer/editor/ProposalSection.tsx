/** A model's result that waits for a person: what made it, what it found, Accept or Reject. */
import { Button } from '@mantine/core';
import { IconCheck, IconSparkles, IconX } from '@tabler/icons-react';
import { PanelSection } from '../ui/PanelSection.tsx';
import { volumeInWords } from '../ui/volumeInWords.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { acceptProposal, rejectProposal } from './openEditor.ts';
import { useEditor } from './segmentationStore.ts';

export function ProposalSection() {
  const proposal = useEditor((state) => state.proposal);
  const geometry = useViewer((state) => state.volume?.geometry);
  if (!proposal || !geometry) return null;
  const { provenance, content } = proposal;
  const w = words.editor.proposal;
  return (
    <PanelSection
      title={w.title}
      className={classes['proposal'] ?? ''}
      actions={<IconSparkles size={15} stroke={1.6} aria-hidden />}
    >
      <p className={classes['proposalName']}>
        <strong>{proposal.name}</strong>
        {provenance && (
          <span>
            {provenance.modelName === proposal.name
              ? provenance.modelVersion
              : w.by(provenance.modelName, provenance.modelVersion)}
          </span>
        )}
      </p>
      {provenance && (
        <p className={classes['quiet']}>{w.details(provenance.provider, provenance.seconds.toFixed(1))}</p>
      )}
      {provenance?.warnings?.map(({ code, message }) => (
        <p key={code + message} className={classes['problem']}>
          {message}
        </p>
      ))}
      <ul className={classes['plainList']} aria-label={w.segments}>
        {content.segments.map(({ number, name, color }) => (
          <li key={number} className={classes['figureRow']}>
            <span className={classes['swatch']} style={{ background: color }} aria-hidden />
            <span className={classes['name']}>{name}</span>
            <span className={classes['figure']}>{volumeInWords(geometry, content.voxels.get(number) ?? 0)}</span>
          </li>
        ))}
      </ul>
      <div className={classes['buttons']}>
        <Button
          size="compact-sm"
          color="accept"
          leftSection={<IconCheck size={14} stroke={1.8} aria-hidden />}
          onClick={() => void acceptProposal()}
        >
          {w.accept}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconX size={14} stroke={1.8} aria-hidden />}
          onClick={() => void rejectProposal()}
        >
          {w.reject}
        </Button>
      </div>
    </PanelSection>
  );
}
