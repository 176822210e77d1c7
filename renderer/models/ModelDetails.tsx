/** All that is known of a model: facts of its manifest, its measured figures, its card. */
import type { ModelSummary } from '#contract/schemas/model.ts';
import { Caption } from '../ui/Caption.tsx';
import { FactList } from '../ui/FactList.tsx';
import { words } from '../words/index.ts';
import { ModelCard } from './ModelCard.tsx';
import classes from './models.module.css';

export function ModelDetails({ model }: { readonly model: ModelSummary }) {
  const w = words.models;
  const { population, cases, source } = model.training;
  return (
    <>
      <FactList
        facts={[
          [w.intendedUse, model.intendedUse],
          [w.finds, model.classes.map(({ name }) => name).join(', ')],
          [w.population, cases === null ? population : `${population} ${w.cases(cases)}`],
          [w.source, source],
          [w.licence, model.licence],
          [w.version, model.version],
          [w.checksum, <code key="sha">{model.sha256}</code>],
        ]}
      />
      {model.metrics.length > 0 && <Metrics metrics={model.metrics} />}
      {model.card && (
        <section aria-label={w.card}>
          <Caption level={3}>{w.card}</Caption>
          <ModelCard markdown={model.card} />
        </section>
      )}
    </>
  );
}

function Metrics({ metrics }: Pick<ModelSummary, 'metrics'>) {
  const w = words.models;
  const grounds = [...new Set(metrics.map(({ on }) => on))];
  return (
    <section className={classes['metrics']} aria-label={w.metrics}>
      <Caption level={3}>{w.metrics}</Caption>
      {grounds.map((on) => (
        <div key={on} className={classes['cardTable']}>
          <table>
            <caption>{on}</caption>
            <thead>
              <tr>
                <th scope="col">{w.subject}</th>
                <th scope="col">{w.measure}</th>
                <th scope="col">{w.value}</th>
              </tr>
            </thead>
            <tbody>
              {metrics
                .filter((metric) => metric.on === on)
                .map(({ name, subject, value }) => (
                  <tr key={`${name} ${subject}`}>
                    <td>{subject}</td>
                    <td>{name}</td>
                    <td>{value.toFixed(Math.abs(value) < 10 ? 3 : 1)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      ))}
    </section>
  );
}
