/** How large the outlined area is, how sure the program is of it, and what has to be known before it is kept. */
import type { PromptPreview } from '#contract/schemas/prompt.ts';
import { words } from '../../words/index.ts';
import classes from '../editor.module.css';

export function PromptFigures({ previews }: { readonly previews: readonly PromptPreview[] }) {
  const areaMm2 = previews.reduce((sum, each) => sum + each.areaMm2, 0);
  const confidence = Math.min(...previews.map((each) => each.confidence));
  const warnings = new Map(previews.flatMap((each) => each.warnings).map(({ code, message }) => [code, message]));
  const w = words.prompt;
  const area = areaMm2 < 1000 ? w.areaMm2(areaMm2.toFixed(0)) : w.areaCm2((areaMm2 / 100).toFixed(1));
  return (
    <div role="status">
      <p className={classes['figureRow']}>
        <span className={classes['name']}>
          {area} {previews.length > 1 && w.slices(previews.length)}
        </span>
        <span className={classes['quietFigure']}>{w.sureness(Math.round(100 * confidence))}</span>
      </p>
      {[...warnings].map(([code, message]) => (
        <p key={code} className={classes['problem']}>
          {message}
        </p>
      ))}
    </div>
  );
}
