/** One way in which the chosen network may look, to tick: mirror images too, only around the crosshair. */
import { Checkbox } from '@mantine/core';
import classes from './editor.module.css';

export interface LookChoiceProps {
  readonly label: string;
  readonly detail: string;
  readonly isChosen: boolean;
  /** Absent: it can't be chosen yet. */
  readonly onChoose?: (isChosen: boolean) => void;
}

export function LookChoice({ label, detail, isChosen, onChoose }: LookChoiceProps) {
  return (
    <Checkbox
      className={classes['mirror']}
      classNames={{ description: classes['modelFinds'] ?? '' }}
      size="xs"
      label={label}
      description={detail}
      checked={isChosen}
      disabled={!onChoose}
      onChange={({ currentTarget }) => onChoose?.(currentTarget.checked)}
    />
  );
}
