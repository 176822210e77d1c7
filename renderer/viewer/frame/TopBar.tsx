/** Back, who the patient is (always), the modes, Find, layout, help, session. */
import { Menu } from '@mantine/core';
import { IconArrowLeft, IconCheck, IconLayoutGrid } from '@tabler/icons-react';
import { FindButton } from '../../app/Find.tsx';
import { SessionButtons } from '../../app/SessionButtons.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { LanternMark } from '../../ui/LanternMark.tsx';
import { words } from '../../words/index.ts';
import { isSameLayout, LAYOUTS } from '../layouts.ts';
import type { Mode } from '../tools/Tool.ts';
import { useViewer } from '../viewerStore.ts';
import classes from './frame.module.css';
import { patientInWords } from './patientInWords.ts';

export const MODES: readonly Mode[] = ['view', 'segment', 'plan', 'report'];

export function TopBar({ onBack }: { readonly onBack: () => void }) {
  const w = words.viewer;
  return (
    <header className={classes['top']}>
      <div className={classes['case']}>
        <LanternMark />
        <IconButton icon={IconArrowLeft} label={w.back} onClick={onBack} />
        <Patient />
      </div>
      <ModeTabs />
      <div className={classes['buttons']}>
        <FindButton />
        <LayoutMenu />
        <SessionButtons />
      </div>
    </header>
  );
}

function Patient() {
  const detail = useViewer((state) => state.detail);
  if (detail === null) return <span className={classes['patient']} />;
  const { study, series } = detail;
  const { name, id, person } = patientInWords(study);
  const rest = [person, `${series.modality} ${series.description || study.description}`.trim(), study.studyDate];
  const full = [name, id, ...rest].filter(Boolean).join(' · ');
  return (
    <span className={classes['patient']} title={full}>
      <strong>{name}</strong> · <span className={classes['id']}>{id}</span>
      {rest.filter(Boolean).map((part) => ` · ${part}`)}
    </span>
  );
}

function ModeTabs() {
  const mode = useViewer((state) => state.mode);
  const { setMode } = useViewer.getState();
  const w = words.viewer.modes;
  return (
    <div
      role="tablist"
      aria-label={w.label}
      className={classes['modes']}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        const next = MODES[(MODES.indexOf(mode) + step + MODES.length) % MODES.length];
        if (step === 0 || next === undefined) return;
        setMode(next);
        event.currentTarget.querySelector<HTMLElement>(`[data-mode="${next}"]`)?.focus();
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {MODES.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          data-mode={each}
          className={classes['mode']}
          aria-selected={each === mode}
          tabIndex={each === mode ? 0 : -1}
          onClick={() => setMode(each)}
        >
          {w[each]}
        </button>
      ))}
    </div>
  );
}

function LayoutMenu() {
  const layout = useViewer((state) => state.layout);
  const { setLayout } = useViewer.getState();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton icon={IconLayoutGrid} label={words.viewer.layoutMenu} />
      </Menu.Target>
      <Menu.Dropdown>
        {LAYOUTS.map(({ id, name, layout: each }) => (
          <Menu.Item
            key={id}
            rightSection={isSameLayout(each, layout) ? <IconCheck size={14} stroke={1.6} aria-hidden /> : null}
            onClick={() => setLayout(each)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
