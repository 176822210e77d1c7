/** One network to choose: name, what it reads and finds, whether it fits this series and why not, what a run would take. */
import { IconAlertTriangle, IconBan, IconCircleCheck } from '@tabler/icons-react';
import type { RunEstimate } from '#contract/schemas/inference.ts';
import type { ModelSummary } from '#contract/schemas/model.ts';
import { durationInWords } from '../app/timeLeft.ts';
import { ModelBadges } from '../models/ModelBadges.tsx';
import { formatBytes } from '../ui/formatBytes.ts';
import { words } from '../words/index.ts';
import { chooseModel, useModels } from './aiStore.ts';
import classes from './editor.module.css';

const FIT_ICONS = { yes: IconCircleCheck, 'with-care': IconAlertTriangle, no: IconBan } as const;

export function ModelChoice({ model }: { readonly model: ModelSummary }) {
  const isChosen = useModels((state) => state.chosenId === model.id);
  const estimate = useModels((state) => state.estimates.get(model.id));
  const { problem } = model;
  return (
    <label className={classes['model']} data-chosen={isChosen || undefined}>
      <input type="radio" name="network" checked={isChosen} onChange={() => chooseModel(model.id)} />
      <span className={classes['modelWords']}>
        <span className={classes['modelName']}>
          <strong>{model.name}</strong> <span>{model.version}</span>
        </span>
        <span className={classes['modelBadges']}>
          <ModelBadges model={model} isImported={model.isImported} />
        </span>
        <span className={classes['modelFinds']}>{words.editor.ai.finds(model.classes.map(({ name }) => name))}</span>
        {model.channels.length > 1 && (
          <span className={classes['modelFinds']}>{words.editor.ai.severalSeries(model.channels)}</span>
        )}
        {problem ? (
          <Fit fits="no" said={words.editor.ai.notUsable} reasons={[`${problem.message} ${problem.hint}`]} />
        ) : (
          <EstimateWords estimate={estimate} isLong={isChosen} />
        )}
        {isChosen && !problem && <span className={classes['modelFinds']}>{model.intendedUse}</span>}
      </span>
    </label>
  );
}

interface EstimateWordsProps {
  readonly estimate: RunEstimate | undefined;
  /** With what has to be known before its result is used. */
  readonly isLong: boolean;
}

function EstimateWords({ estimate, isLong }: EstimateWordsProps) {
  const w = words.editor.ai;
  // Two lines high before it is known too: the list does not move under a hand.
  if (!estimate) return <span className={`${classes['modelFinds']} ${classes['fits']}`}>{w.fitUnknown}</span>;
  const isPart = estimate.regionMm !== null;
  const { fits, refusal, warnings, seconds, secondsFrom, bytes, isLeastBytes, windows, looks } = estimate;
  const reasons = refusal ? [refusal.message] : isLong ? warnings.map(({ message }) => message) : [];
  const time =
    seconds !== null
      ? w.seconds(durationInWords(seconds))
      : secondsFrom === 'unmeasured'
        ? w.secondsUnmeasured
        : w.secondsUnknown;
  return (
    <span className={classes['fits']}>
      <Fit fits={fits} said={w.fits[fits]} reasons={reasons} />
      {fits !== 'no' && (
        <span className={classes['estimate']}>
          <span title={w.secondsTitle[secondsFrom]}>{time}</span>
          <span title={w.memoryTitle(isLeastBytes)}>{w.memory(formatBytes(bytes), isLeastBytes)}</span>
          <span title={looks > 1 ? w.looksTitle(looks) : undefined}>{w.windows(windows, looks, isPart)}</span>
        </span>
      )}
    </span>
  );
}

interface FitProps {
  readonly fits: RunEstimate['fits'];
  readonly said: string;
  readonly reasons: readonly string[];
}

function Fit({ fits, said, reasons }: FitProps) {
  const Icon = FIT_ICONS[fits];
  return (
    <span className={classes['fit']} data-fits={fits}>
      <Icon size={14} stroke={1.6} aria-hidden />
      <span>{reasons.length > 0 ? `${said}: ${reasons.join(' ')}` : said}</span>
    </span>
  );
}
