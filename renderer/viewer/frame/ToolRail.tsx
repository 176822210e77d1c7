/** The tools of the present mode, one button each; a line parts the groups. */
import type { TablerIcon } from '@tabler/icons-react';
import { Fragment } from 'react';
import { IconButton } from '../../ui/IconButton.tsx';
import { words } from '../../words/index.ts';
import { pickTool } from '../tools/currentTool.ts';
import { toolGroups } from '../tools/index.ts';
import { useViewer } from '../viewerStore.ts';
import classes from './frame.module.css';

export function ToolRail() {
  const mode = useViewer((state) => state.mode);
  const toolId = useViewer((state) => state.toolId);
  const groups = toolGroups
    .map((group) => group.filter((tool) => tool.modes.includes(mode)))
    .filter((g) => g.length > 0);
  return (
    <nav className={classes['rail']} aria-label={words.viewer.rail}>
      {groups.map((group, n) => (
        <Fragment key={group[0]?.id}>
          {n > 0 && <hr />}
          {group.map(({ id, label, icon, shortcut }) => (
            <IconButton
              key={id}
              icon={icon as TablerIcon}
              label={label}
              {...(shortcut ? { shortcut } : {})}
              active={id === toolId}
              size="rail"
              tooltipSide="right"
              onClick={() => pickTool(id)}
            />
          ))}
        </Fragment>
      ))}
    </nav>
  );
}
