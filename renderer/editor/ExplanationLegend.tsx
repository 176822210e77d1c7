/** What the colours of an explanation say: sign, unit, patches; or the range of the network's own map. */
import { words } from '../words/index.ts';
import classes from './doubt.module.css';
import type { Explained } from './explanationStore.ts';

export function ExplanationLegend({ explained }: { readonly explained: Explained }) {
  return explained.kind === 'saliency' ? (
    <SaliencyLegend result={explained.result} full={explained.full} />
  ) : (
    <AttentionLegend result={explained.result} />
  );
}

function SaliencyLegend({ result, full }: Omit<Extract<Explained, { kind: 'saliency' }>, 'kind'>) {
  const w = words.explanation;
  const share = (x: number): string => w.percent((100 * x).toFixed(x < 0.1 ? 1 : 0));
  const ends = w.saliencyEnds(share(full));
  const patches = w.patches(result.patches.map(({ count, sizeMm }) => [count, w.millimetres(String(sizeMm))] as const));
  return (
    <>
      <strong className={classes['subject']}>{w.of(result.segment.name)}</strong>
      <div
        className={classes['scale']}
        role="img"
        aria-label={`${w.saliencyLegend}: ${ends.against} – ${ends.none} – ${ends.for}`}
      >
        <span>{w.saliencyLegend}</span>
        <span className={classes['signedRamp']} />
        <span className={classes['ends']}>
          <span>{ends.against}</span>
          <span>{ends.none}</span>
          <span>{ends.for}</span>
        </span>
      </div>
      <p className={classes['quiet']}>{w.figures(patches, result.runs, share(result.meanProbability))}</p>
    </>
  );
}

function AttentionLegend({ result }: Omit<Extract<Explained, { kind: 'attention' }>, 'kind'>) {
  const w = words.explanation;
  const number = (x: number): string => String(Number(x.toPrecision(3)));
  const ends = w.attentionEnds(number(result.lowest), number(result.highest));
  const legend = w.attentionLegend(result.map);
  return (
    <div className={classes['scale']} role="img" aria-label={`${legend}: ${ends.lowest} – ${ends.highest}`}>
      <span>{legend}</span>
      <span className={classes['attentionRamp']} />
      <span className={classes['ends']}>
        <span>{ends.lowest}</span>
        <span>{ends.highest}</span>
      </span>
    </div>
  );
}
