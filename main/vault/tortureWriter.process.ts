/**
 * A process for tests to kill: opens a vault and stores objects for ever, each with a row that refers to it. A line on standard output
 * acknowledges what is committed. Arguments: folder, passphrase, "store" | "hold".
 */
import { writeSync } from 'node:fs';
import { contentOf } from './tortureContent.ts';
import { unlockVault } from './vault.ts';

const [folder = '', passphrase = '', mode = 'store'] = process.argv.slice(2);
const vault = await unlockVault(folder, { passphrase });
writeSync(1, 'open\n');
if (mode === 'hold') setInterval(() => undefined, 1000);
else {
  for (let n = 0; ; n++) {
    const seed = `${process.pid}/${n}`;
    const object = await vault.objects.put('pack', contentOf(seed), n % 3 === 0 ? 'zstd' : 'raw');
    vault.transact({ action: 'torture.store', subject: object.id }, () => {
      object.commitRow();
      vault.db.prepare('INSERT INTO setting (key, value) VALUES (?, ?)').run(object.id, seed);
    });
    writeSync(1, `${object.id} ${seed}\n`);
    if (n % 4 === 3) {
      // Removal is torn by a kill as well as storing; the acknowledgement is taken back before it, as a promise to keep neither.
      writeSync(1, `${object.id} removed\n`);
      vault.transact({ action: 'torture.remove', subject: object.id }, () => {
        vault.db.prepare('DELETE FROM setting WHERE key = ?').run(object.id);
        vault.objects.remove(object.id);
      });
    }
  }
}
