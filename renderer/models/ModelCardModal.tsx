/** The card of a model over the case, to be read before it is run. */
import { Modal } from '@mantine/core';
import type { ModelSummary } from '#contract/schemas/model.ts';
import { words } from '../words/index.ts';
import { ModelBadges } from './ModelBadges.tsx';
import { ModelDetails } from './ModelDetails.tsx';
import classes from './models.module.css';

export interface ModelCardModalProps {
  readonly model: ModelSummary | null;
  readonly onClose: () => void;
}

export function ModelCardModal({ model, onClose }: ModelCardModalProps) {
  return (
    <Modal
      opened={model !== null}
      onClose={onClose}
      title={model?.name ?? ''}
      size="min(820px, 92vw)"
      closeButtonProps={{ 'aria-label': words.app.close }}
      // A machine that draws in software takes seconds for a fade.
      transitionProps={{ duration: 0 }}
    >
      {model && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        <section className={classes['cardScroll']} aria-label={words.models.cardOf(model.name)} tabIndex={0}>
          <p className={classes['badges']}>
            <ModelBadges model={model} isImported={model.isImported} />
          </p>
          <ModelDetails model={model} />
        </section>
      )}
    </Modal>
  );
}
