/** A model's result that waits for a person: what made it, what it found, which of it is accepted, Accept or Reject. */
import { Button, Checkbox } from '@mantine/core';
import { IconCheck, IconSparkles, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { Segment } from '#core/segmentation/segment.ts';
import { PanelSection } from '../ui/PanelSection.tsx';
import { volumeInWords } from '../ui/volumeInWords.ts';
import { useViewer } from '../viewer/viewerStore.ts';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { HolesNotice } from './HolesNotice.tsx';
import { leftOutOfProposal } from './leftOut.ts';
import { acceptProposal } from './openEditor.ts';
import { rejectProposal } from './rejectProposal.tsx';
import { chooseOfProposal, useEditor } from './segmentationStore.ts';

export function ProposalSection() {
  const proposal = useEditor((state) => state.proposal);
  const rejected = useEditor(leftOutOfProposal);
  const isMoving = useEditor((state) => state.isMoving);
  const list = useEditor((state) => state.list);
  const geometry = useViewer((state) => state.volume?.geometry);
  const top = useRef<HTMLParagraphElement>(null);
  // It was asked for farther down, and what it waits for is here.
  useEffect(() => {
    if (proposal?.id) top.current?.closest('section')?.scrollIntoView({ block: 'nearest' });
  }, [proposal?.id]);
  if (!proposal || !geometry) return null;
  const { provenance, content } = proposal;
  const { segments } = content;
  const chosen = segments.length - rejected.size;
  // The newest comes first, as openEditor.ts shows them.
  const waiting = list.filter(({ state }) => state === 'proposed').reverse();
  const place = waiting.findIndex(({ id }) => id === proposal.id);
  const w = words.editor.proposal;
  return (
    <PanelSection
      title={w.title}
      className={classes['proposal'] ?? ''}
      actions={
        <>
          {waiting.length > 1 && place >= 0 && (
            <span className={classes['waiting']} title={w.waitingTitle(waiting.length)}>
              {w.waiting(place + 1, waiting.length)}
            </span>
          )}
          <IconSparkles size={15} stroke={1.6} aria-hidden />
        </>
      }
    >
      <p ref={top} className={classes['proposalName']}>
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
        <p className={classes['quiet']}>
          {w.details(provenance.provider, provenance.seconds.toFixed(1), {
            isMirrored: (provenance.flippedAxes ?? []).length > 0,
            isAround: provenance.region !== undefined,
          })}
        </p>
      )}
      {provenance?.warnings?.map(({ code, message }) => (
        <p key={code + message} className={classes['problem']}>
          {message}
        </p>
      ))}
      {segments.length > 1 && <ChooseAll segments={segments} rejected={rejected.size} />}
      <ul className={classes['plainList']} aria-label={w.segments}>
        {segments.map((segment) => (
          <ProposedSegment
            key={segment.number}
            segment={segment}
            volume={volumeInWords(geometry, content.voxels.get(segment.number) ?? 0)}
            isChosen={!rejected.has(segment.number)}
            isOnly={segments.length === 1}
          />
        ))}
      </ul>
      <HolesNotice content={content} rejected={rejected} geometry={geometry} />
      <div className={classes['buttons']}>
        <Button
          size="compact-sm"
          color="accept"
          leftSection={<IconCheck size={14} stroke={1.8} aria-hidden />}
          disabled={chosen === 0 || isMoving}
          onClick={() => void acceptProposal()}
        >
          {rejected.size === 0 ? w.accept : w.acceptSome(chosen, segments.length)}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconX size={14} stroke={1.8} aria-hidden />}
          disabled={isMoving}
          onClick={() => void rejectProposal()}
        >
          {rejected.size === 0 ? w.reject : w.rejectAll}
        </Button>
      </div>
    </PanelSection>
  );
}

function ChooseAll({ segments, rejected }: { readonly segments: readonly Segment[]; readonly rejected: number }) {
  const w = words.editor.proposal;
  const numbers = segments.map(({ number }) => number);
  return (
    <div className={classes['chooseAll']}>
      <span>{w.chooseHint}</span>
      <Button
        size="compact-xs"
        variant="subtle"
        disabled={rejected === 0}
        onClick={() => chooseOfProposal(numbers, true)}
      >
        {w.all}
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        disabled={rejected === numbers.length}
        onClick={() => chooseOfProposal(numbers, false)}
      >
        {w.none}
      </Button>
    </div>
  );
}

interface ProposedSegmentProps {
  readonly segment: Segment;
  readonly volume: string;
  readonly isChosen: boolean;
  readonly isOnly: boolean;
}

function ProposedSegment({ segment: { number, name, color }, volume, isChosen, isOnly }: ProposedSegmentProps) {
  const w = words.editor.proposal;
  return (
    <li className={classes['figureRow']} data-left-out={!isChosen || undefined}>
      {!isOnly && (
        <Checkbox
          size="xs"
          aria-label={w.chooseNamed(name)}
          checked={isChosen}
          onChange={(event) => chooseOfProposal([number], event.currentTarget.checked)}
        />
      )}
      <span className={classes['swatch']} style={{ background: color }} aria-hidden />
      <span className={classes['name']}>{name}</span>
      <span className={classes['figure']}>{volume}</span>
    </li>
  );
}
