/** What the networks run on, each unused provider with its reason, and every model pack with its card. */
import { Accordion, Skeleton } from '@mantine/core';
import { IconCircleCheck, IconCircleMinus } from '@tabler/icons-react';
import type { ModelSummary, ProviderStatus } from '#contract/schemas.ts';
import { Caption } from '../ui/Caption.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { words } from '../words/index.ts';
import { FactList } from './FactList.tsx';
import { ModelCard } from './ModelCard.tsx';
import classes from './settings.module.css';
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
      <Caption>{said.title}</Caption>
      {found.models.length === 0 && <p>{said.none}</p>}
      <Accordion variant="separated" mt={8} chevronPosition="left">
        {found.models.map((model) => (
          <ModelItem key={`${model.id} ${model.version}`} model={model} />
        ))}
      </Accordion>
    </>
  );
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

function ModelItem({ model }: { readonly model: ModelSummary }) {
  const said = words.settings.models;
  return (
    <Accordion.Item value={`${model.id} ${model.version}`}>
      <Accordion.Control>
        <span className={classes['modelName']}>
          {model.name} <span className={classes['version']}>{model.version}</span>
          <StatusBadge>{model.modality}</StatusBadge>
          {model.demonstrationOnly && <StatusBadge tone="warning">{said.demonstrationOnly}</StatusBadge>}
          {model.problem && <StatusBadge tone="danger">{said.notUsable}</StatusBadge>}
        </span>
      </Accordion.Control>
      <Accordion.Panel>
        {model.problem && <ErrorNotice error={model.problem} />}
        <FactList
          facts={[
            [said.intendedUse, model.intendedUse],
            [said.finds, model.classes.map(({ name }) => name).join(', ')],
            [said.licence, model.licence],
            [said.checksum, <code key="sha">{model.sha256.slice(0, 16)}…</code>],
          ]}
        />
        <ModelCard markdown={model.card} />
      </Accordion.Panel>
    </Accordion.Item>
  );
}
