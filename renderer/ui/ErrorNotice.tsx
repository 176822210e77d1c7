/** A failure told in place: the sentence, the next step, and what the person can do. Stays until it is dismissed. */
import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { words } from '../words/index.ts';
import classes from './ui.module.css';

export interface ErrorNoticeProps {
  /** A LanternError, or its data as a job carries it. */
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
  readonly onRetry?: () => void;
  readonly onDismiss?: () => void;
  readonly className?: string;
}

export function ErrorNotice({ error, onRetry, onDismiss, className }: ErrorNoticeProps) {
  return (
    <div role="alert" data-code={error.code} className={[classes['notice'], className].filter(Boolean).join(' ')}>
      <IconAlertTriangle size={18} stroke={1.6} aria-hidden className={classes['noticeIcon']} />
      <div className={classes['noticeWords']}>
        <strong>{error.message}</strong>
        <span>{error.hint}</span>
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry} mt={6}>
            {words.app.retry}
          </Button>
        )}
      </div>
      {onDismiss && <CloseButton size="sm" aria-label={words.app.dismiss} onClick={onDismiss} />}
    </div>
  );
}
