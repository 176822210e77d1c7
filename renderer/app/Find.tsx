/** Find (Ctrl K): every tool, preset, case and setting by name, out of the registry in commands.ts. */
import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { Keys } from '../ui/Keys.tsx';
import { words } from '../words/index.ts';
import classes from './app.module.css';
import { type Command, openFind, useCommandSets } from './commands.ts';

export function Find() {
  // What was registered last belongs to the screen in front, and comes first.
  const sets = useCommandSets();
  return (
    <Spotlight
      actions={groupsOf([...sets.values()].reverse().flat())}
      nothingFound={words.app.find.nothing}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      limit={40}
      scrollable
      maxHeight="60vh"
      centered={false}
      yOffset="12vh"
      overlayProps={{ blur: 0, backgroundOpacity: 0.6 }}
      classNames={{ action: classes['findAction'] ?? '', content: classes['findContent'] ?? '' }}
      attributes={{ content: { 'aria-label': words.app.find.label } }}
      searchProps={{
        leftSection: <IconSearch size={16} stroke={1.6} aria-hidden />,
        placeholder: words.app.find.placeholder,
        'aria-label': words.app.find.label,
      }}
    />
  );
}

/** The button in a top bar that opens it; `wide` shows what can be searched. */
export function FindButton({ wide = false }: { readonly wide?: boolean }) {
  return (
    <UnstyledButton
      className={classes['find']}
      data-wide={wide || undefined}
      aria-keyshortcuts="Control+K"
      onClick={openFind}
    >
      <IconSearch size={15} stroke={1.6} aria-hidden />
      {wide && <VisuallyHidden>{words.app.find.label}</VisuallyHidden>}
      <span className={classes['findWords']}>{wide ? words.app.find.placeholder : words.app.find.short}</span>
      <Keys shortcut={words.app.find.shortcut} />
    </UnstyledButton>
  );
}

function groupsOf(commands: readonly Command[]): SpotlightActionGroupData[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups].map(([group, members]) => ({
    group,
    actions: members.map(({ id, label, description, keywords, icon: Icon, shortcut, run }) => ({
      id,
      label,
      onClick: run,
      ...(description ? { description } : {}),
      ...(keywords ? { keywords: [...keywords] } : {}),
      ...(Icon ? { leftSection: <Icon size={16} stroke={1.6} aria-hidden /> } : {}),
      ...(shortcut ? { rightSection: <Keys shortcut={shortcut} /> } : {}),
    })),
  }));
}
