/** The left column: search, what to show, modalities with their counts, the vault. */
import { Progress, TextInput, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconClock,
  IconInbox,
  IconSearch,
  IconSparkles,
  type TablerIcon,
} from '@tabler/icons-react';
import { type Ref, useEffect } from 'react';
import type { StudySummary } from '#contract/schemas/study.ts';
import { useSession } from '../app/sessionStore.ts';
import { Caption } from '../ui/Caption.tsx';
import { formatBytes } from '../ui/formatBytes.ts';
import { Keys } from '../ui/Keys.tsx';
import { words } from '../words/index.ts';
import { isShown, type Show } from './selectStudies.ts';
import { modalityOf } from './studyFacts.ts';
import classes from './worklist.module.css';
import { useWorklist } from './worklistStore.ts';

const shows: ReadonlyArray<readonly [Show, TablerIcon]> = [
  ['all', IconInbox],
  ['today', IconClock],
  ['proposals', IconSparkles],
  ['warnings', IconAlertTriangle],
];

export function Filters({ searchField }: { readonly searchField: Ref<HTMLInputElement> }) {
  const { studies, show, modality, search, setShow, setModality, setSearch } = useWorklist();
  const said = words.worklist.filters;
  const all: readonly StudySummary[] = studies ?? [];
  const now = new Date();
  const modalities = modalityCounts(all);
  return (
    <nav className={classes['filters']} aria-label={said.label}>
      <div className={classes['search']}>
        <TextInput
          ref={searchField}
          type="search"
          aria-label={said.search}
          placeholder={said.searchPlaceholder}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && setSearch('')}
          leftSection={<IconSearch size={15} stroke={1.6} aria-hidden />}
          rightSection={search === '' ? <Keys shortcut="/" /> : null}
        />
      </div>
      <section className={classes['filterSection']}>
        <Caption>{said.show}</Caption>
        {shows.map(([key, icon]) => (
          <FilterButton
            key={key}
            icon={icon}
            label={said.shows[key]}
            count={all.filter((study) => isShown(study, key, now)).length}
            pressed={show === key}
            onClick={() => setShow(key)}
          />
        ))}
      </section>
      {modalities.length > 0 && (
        <section className={classes['filterSection']}>
          <Caption>{said.modality}</Caption>
          {modalities.map(([code, count]) => (
            <FilterButton
              key={code}
              label={code}
              count={count}
              pressed={modality === code}
              onClick={() => setModality(modality === code ? null : code)}
            />
          ))}
        </section>
      )}
      <VaultUsage />
    </nav>
  );
}

interface FilterButtonProps {
  readonly icon?: TablerIcon;
  readonly label: string;
  readonly count: number;
  readonly pressed: boolean;
  readonly onClick: () => void;
}

function FilterButton({ icon: Icon, label, count, pressed, onClick }: FilterButtonProps) {
  return (
    <UnstyledButton className={classes['filter']} aria-pressed={pressed} onClick={onClick}>
      {Icon && <Icon size={15} stroke={1.6} aria-hidden />}
      <span className={classes['filterLabel']}>{label}</span>
      <span className={classes['filterCount']}>{count}</span>
    </UnstyledButton>
  );
}

function VaultUsage() {
  const vault = useSession((state) => state.vault);
  const studies = useWorklist((state) => state.studies);
  const said = words.worklist.vault;
  // Read anew with the studies: that is when it has changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `studies` is the reason to look again, not an input
  useEffect(() => void useSession.getState().refresh(), [studies]);
  if (!vault) return null;
  const total = vault.bytes + vault.freeBytes;
  return (
    <section className={classes['vault']}>
      <Caption>{said.title}</Caption>
      <Progress value={total > 0 ? (100 * vault.bytes) / total : 0} size={5} aria-label={said.title} />
      <span>{said.used(formatBytes(vault.bytes))}</span>
      <span>{said.free(formatBytes(vault.freeBytes))}</span>
    </section>
  );
}

function modalityCounts(studies: readonly StudySummary[]): Array<[code: string, count: number]> {
  const counts = new Map<string, number>();
  for (const study of studies) {
    const code = modalityOf(study);
    if (code) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
