/** Every shortcut that is registered now (app/commands.ts), and the ones that hold everywhere. */
import { useCommandSets } from '../app/commands.ts';
import { Caption } from '../ui/Caption.tsx';
import { Keys } from '../ui/Keys.tsx';
import { words } from '../words/index.ts';
import classes from './settings.module.css';

export function ShortcutsPage() {
  const sets = useCommandSets();
  const said = words.settings.shortcuts;
  const groups = new Map<string, Array<readonly [keys: string, label: string]>>(
    said.fixed.map(([name, keys]) => [name, [...keys]]),
  );
  for (const { group, shortcut, label } of [...sets.values()].flat()) {
    if (shortcut) groups.set(group, [...(groups.get(group) ?? []), [shortcut, label]]);
  }
  return (
    <div className={classes['shortcuts']}>
      {[...groups].map(([group, shortcuts]) => (
        <section key={group}>
          <Caption>{group}</Caption>
          <ul>
            {shortcuts.map(([shortcut, label]) => (
              <li key={shortcut + label}>
                <span>{label}</span>
                <Keys shortcut={shortcut} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
