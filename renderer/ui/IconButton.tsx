/** A button that is an icon; its tooltip gives name and shortcut. The name is also its accessible name. */
import { ActionIcon, type ActionIconProps, Tooltip } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { MouseEventHandler } from 'react';
import { Keys } from './Keys.tsx';
import classes from './ui.module.css';

export interface IconButtonProps {
  readonly icon: TablerIcon;
  readonly label: string;
  /** As a person reads it: "B", "Ctrl Z". */
  readonly shortcut?: string;
  /** Given for a button that stays pressed (tools, switches). */
  readonly active?: boolean;
  readonly disabled?: boolean;
  readonly onClick?: MouseEventHandler<HTMLButtonElement>;
  /** small: in list rows; rail: the tool rail. */
  readonly size?: 'small' | 'medium' | 'rail';
  readonly tooltipSide?: 'right' | 'left' | 'top' | 'bottom';
  /** A colour of the theme, where the icon carries a meaning. */
  readonly tone?: NonNullable<ActionIconProps['c']>;
  readonly className?: string;
}

const boxes = { small: 24, medium: 28, rail: 34 } as const;
const glyphs = { small: 15, medium: 17, rail: 19 } as const;

export function IconButton({
  icon: Icon,
  label,
  size = 'medium',
  active,
  tooltipSide = 'bottom',
  ...rest
}: IconButtonProps) {
  // A menu that opens from this button passes its ref and its aria attributes in.
  const { shortcut, disabled = false, onClick, tone, className, ...passedOn } = rest;
  return (
    <Tooltip position={tooltipSide} label={<TooltipWords label={label} {...(shortcut ? { shortcut } : {})} />}>
      <ActionIcon
        {...passedOn}
        variant={active ? 'filled' : 'subtle'}
        color={active ? 'action' : 'gray'}
        {...(active ? { c: 'white' } : tone === undefined ? {} : { c: tone })}
        size={boxes[size]}
        aria-label={label}
        {...(active === undefined ? {} : { 'aria-pressed': active })}
        {...(shortcut
          ? {
              'aria-keyshortcuts': shortcut
                .replaceAll(' ', '+')
                .replace('Ctrl', 'Control')
                .replace('↑', 'ArrowUp')
                .replace('↓', 'ArrowDown'),
            }
          : {})}
        // Not `disabled`: a greyed button must still say in its tooltip what it would do.
        {...(disabled ? { 'data-disabled': true, 'aria-disabled': true } : {})}
        className={[classes['iconButton'], className].filter(Boolean).join(' ')}
        {...(disabled || !onClick ? {} : { onClick })}
      >
        <Icon size={glyphs[size]} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function TooltipWords({ label, shortcut }: { label: string; shortcut?: string }) {
  return (
    <span className={classes['tooltipWords']}>
      {label}
      {shortcut && <Keys shortcut={shortcut} />}
    </span>
  );
}
