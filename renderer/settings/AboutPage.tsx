/** What this program is, its version, what it is not, and on whose work it stands. */
import { version } from '../../package.json';
import { platform } from '../app/platform.ts';
import { FactList } from '../ui/FactList.tsx';
import { LanternMark } from '../ui/LanternMark.tsx';
import { words } from '../words/index.ts';
import classes from './settings.module.css';

export function AboutPage() {
  const said = words.settings.about;
  return (
    <div className={classes['about']}>
      <LanternMark />
      <p>{said.what}</p>
      <p>
        <strong>{words.app.notADevice}</strong>
      </p>
      <FactList
        facts={[
          [said.version, version],
          [said.shell, said.shells[platform.shell]],
          [said.licence, said.licenceName],
          [said.network, said.networkNone],
        ]}
      />
      <p className={classes['quiet']}>{said.standsOn}</p>
    </div>
  );
}
