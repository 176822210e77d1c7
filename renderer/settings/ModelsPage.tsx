/** What the networks run on, each unused provider with its reason, and every model pack with its card; packs come and go here. */
import { Accordion, Button, Skeleton } from '@mantine/core';
import { IconCircleCheck, IconCircleMinus, IconUsb } from '@tabler/icons-react';
import { useState } from 'react';
import type { ModelSummary } from '#contract/schemas/model.ts';
import type { ProviderStatus } from '#contract/schemas/provider.ts';
import type { LanternError } from '#core/errors/lanternError.ts';
import { rpc } from '../app/client.ts';
import { errorOf } from '../app/errorOf.ts';
import { openModelImport } from '../models/importStore.ts';
import { ModelBadges } from '../models/ModelBadges.tsx';
import { ModelDetails } from '../models/ModelDetails.tsx';
import { tellModelsChanged } from '../models/modelsChanged.ts';
import { Caption } from '../ui/Caption.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { words } from '../words/index.ts';
import classes from './settings.module.css';
import { closeSettings, openSettings } from './settingsStore.ts';
import { useModels } from './useModels.ts';

export function ModelsPage() {
  const { found, error, retry } = useModels();
  const said = words.settings.models;
  if (error) return <ErrorNotice error={error} onRetry={retry} />;
  if (!found) return <Skeleton height={240} aria-label={said.loading} role="img" />;
  return (
    <>
      <Caption>{said.providers}</Caption>
      <ul className={classes['providers']}>
        {found.providers.map((provider) => (
          <ProviderLine key={provider.name} provider={provider} />
        ))}
      </ul>
      <div className={classes['packsHead']}>
        <Caption>{said.title}</Caption>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconUsb size={15} stroke={1.6} aria-hidden />}
          onClick={importModel}
        >
          {words.models.import.openMore}
        </Button>
      </div>
      {found.models.length === 0 && <p>{said.none}</p>}
      <Accordion variant="separated" mt={8} chevronPosition="left">
        {found.models.map((model) => (
          <ModelItem key={`${model.id} ${model.version}`} model={model} onRemoved={retry} />
        ))}
      </Accordion>
    </>
  );
}

/** One dialog at a time: the settings come back when the import is closed. */
function importModel(): void {
  closeSettings();
  openModelImport(() => openSettings('models'));
}

function ProviderLine({ provider }: { readonly provider: ProviderStatus }) {
  const Icon = provider.inUse ? IconCircleCheck : IconCircleMinus;
  const said = words.settings.models;
  return (
    <li data-in-use={provider.inUse || undefined}>
      <Icon size={16} stroke={1.6} aria-hidden />
      <span className={classes['providerName']}>{said.providerNames[provider.name]}</span>
      <span>{provider.reason}</span>
    </li>
  );
}

interface ModelItemProps {
  readonly model: ModelSummary;
  readonly onRemoved: () => void;
}

function ModelItem({ model, onRemoved }: ModelItemProps) {
  const said = words.settings.models;
  return (
    <Accordion.Item value={`${model.id} ${model.version}`}>
      <Accordion.Control>
        <span className={classes['modelName']}>
          {model.name} <span className={classes['version']}>{model.version}</span>
          <ModelBadges model={model} isImported={model.isImported} />
          {model.problem && <StatusBadge tone="danger">{said.notUsable}</StatusBadge>}
        </span>
      </Accordion.Control>
      <Accordion.Panel>
        {model.problem && <ErrorNotice error={model.problem} />}
        {model.isImported && <RemoveModel model={model} onRemoved={onRemoved} />}
        <ModelDetails model={model} />
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function RemoveModel({ model, onRemoved }: ModelItemProps) {
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<LanternError | null>(null);
  const w = words.models.remove;
  const remove = async () => {
    try {
      await rpc.models.remove({ id: model.id });
      onRemoved();
      tellModelsChanged();
    } catch (failure) {
      setError(errorOf(failure));
    }
  };
  return (
    <div className={classes['remove']}>
      {isAsking ? (
        <>
          <span>{w.sure}</span>
          <Button size="compact-sm" color="danger" onClick={() => void remove()}>
            {w.yes}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setAsking(false)} autoFocus>
            {w.no}
          </Button>
        </>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={w.removeNamed(model.name)}
          onClick={() => setAsking(true)}
        >
          {w.remove}
        </Button>
      )}
      {error && <ErrorNotice error={error} onDismiss={() => setError(null)} />}
    </div>
  );
}
