/** Brings a model in, step by step: what it is, whether a person answers for it, the dry run. State: importStore.ts. */
import { Button, Checkbox, Modal, Progress, Select } from '@mantine/core';
import { IconCircleCheck, IconFileZip, IconFolder } from '@tabler/icons-react';
import { useState } from 'react';
import type { ModelLook } from '#contract/schemas/model.ts';
import { useJobs } from '../app/jobsStore.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { FactList } from '../ui/FactList.tsx';
import { formatBytes } from '../ui/formatBytes.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { words } from '../words/index.ts';
import { chooseModel, closeModelImport, importLooked, lookAgain, useModelImport } from './importStore.ts';
import { ModelBadges } from './ModelBadges.tsx';
import { ModelCard } from './ModelCard.tsx';
import classes from './models.module.css';

const ORIENTATIONS = ['RAS', 'LPS', 'LAS', 'RPS', 'LIA', 'PIR', 'RAI', 'LPI'];

export function ImportModelDialog() {
  const { isOpen, step, error, look } = useModelImport();
  const w = words.models.import;
  return (
    <Modal
      opened={isOpen}
      onClose={closeModelImport}
      title={w.title}
      size="min(760px, 92vw)"
      closeOnClickOutside={step === 'choose' || step === 'done'}
      closeButtonProps={{ 'aria-label': words.app.close }}
      // A machine that draws in software takes seconds for a fade.
      transitionProps={{ duration: 0 }}
    >
      {error && <ErrorNotice error={error} className={classes['notice'] ?? ''} />}
      {step === 'choose' && <Choose needsOrientation={error?.code === 'model/orientation-unknown'} />}
      {(step === 'looking' || step === 'importing') && <Work />}
      {step === 'look' && look && <Look key={look.lookId} look={look} />}
      {step === 'done' && <Done />}
    </Modal>
  );
}

function Choose({ needsOrientation }: { readonly needsOrientation: boolean }) {
  const [orientation, setOrientation] = useState('RAS');
  const w = words.models.import;
  return (
    <>
      <p className={classes['lead']}>{w.lead}</p>
      {needsOrientation && (
        <div className={classes['choices']}>
          <Select
            label={w.orientation}
            description={w.orientationHint}
            value={orientation}
            data={ORIENTATIONS}
            allowDeselect={false}
            onChange={(value) => setOrientation(value ?? 'RAS')}
            mb="md"
          />
          <Button variant="default" onClick={() => void lookAgain(orientation)}>
            {w.lookAgain}
          </Button>
        </div>
      )}
      <div className={classes['choices']}>
        <Button
          leftSection={<IconFolder size={16} stroke={1.6} aria-hidden />}
          onClick={() => void chooseModel('folder')}
          data-autofocus
        >
          {w.folder}
        </Button>
        <Button
          variant="default"
          leftSection={<IconFileZip size={16} stroke={1.6} aria-hidden />}
          onClick={() => void chooseModel('zip')}
        >
          {w.zip}
        </Button>
      </div>
    </>
  );
}

function Work() {
  const jobId = useModelImport((state) => state.jobId);
  const job = useJobs((state) => (jobId === null ? undefined : state.jobs.get(jobId)));
  const { done, total, phase } = job?.progress ?? { done: 0, total: 0, phase: '' };
  const w = words.models.import;
  return (
    <>
      <div className={classes['work']}>
        <span role="status">{phase || w.looking}</span>
        <Progress size={6} value={total > 0 ? (100 * (done + 1)) / total : 100} animated aria-label={w.steps} />
      </div>
      <div className={classes['actions']}>
        <Button variant="default" onClick={closeModelImport}>
          {words.app.cancel}
        </Button>
      </div>
    </>
  );
}

function Look({ look }: { readonly look: ModelLook }) {
  const [isTrusted, setTrusted] = useState(false);
  const [m, w] = [words.models, words.models.import];
  const needsTrust = look.signedBy === null;
  const bytes = look.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className={classes['lookScroll']} aria-label={m.cardOf(look.name)} tabIndex={0}>
        <h3 className={classes['lookName']}>
          {look.name} <span>{look.version}</span>
        </h3>
        <p className={classes['badges']}>
          <ModelBadges model={look} />
        </p>
        <FactList
          facts={[
            [m.intendedUse, look.intendedUse],
            [m.finds, look.classes.join(', ')],
            [m.population, look.population],
            [m.licence, look.licence],
            [w.signature, <Signature key="signature" look={look} />],
            [m.checksum, <code key="sha">{look.sha256}</code>],
            [w.size, w.filesInWords(look.files.length, formatBytes(bytes))],
          ]}
        />
        {look.replaces !== null && <p className={classes['note']}>{w.replaces(look.replaces)}</p>}
        {look.card && (
          <details>
            <summary>{m.card}</summary>
            <ModelCard markdown={look.card} />
          </details>
        )}
      </section>
      {needsTrust && (
        <div className={classes['trust']}>
          <p>{w.trustReason}</p>
          <Checkbox label={w.trust} checked={isTrusted} onChange={(event) => setTrusted(event.currentTarget.checked)} />
        </div>
      )}
      <div className={classes['actions']}>
        <Button variant="default" onClick={closeModelImport}>
          {words.app.cancel}
        </Button>
        <Button disabled={needsTrust && !isTrusted} onClick={() => void importLooked(isTrusted)}>
          {w.go}
        </Button>
      </div>
    </>
  );
}

function Signature({ look: { signedBy, hasSignature } }: { readonly look: ModelLook }) {
  const w = words.models.import;
  if (signedBy !== null) return <StatusBadge tone="good">{w.signedBy(signedBy)}</StatusBadge>;
  return <StatusBadge tone="warning">{hasSignature ? w.foreignSignature : w.unsigned}</StatusBadge>;
}

function Done() {
  const name = useModelImport((state) => state.importedName);
  const w = words.models.import;
  return (
    <EmptyState icon={IconCircleCheck} sentence={w.doneTitle(name)} detail={w.doneDetail}>
      <Button onClick={closeModelImport} data-autofocus>
        {words.app.close}
      </Button>
    </EmptyState>
  );
}
