/** Measurements of a series in the vault, as the contract shapes them; points in LPS mm. Every change is audited with it. */
import { type Measurement, measurement as measurementSchema } from '#contract/schemas/measurement.ts';
import { LanternError } from '#core/errors/lanternError.ts';
import type { OpenVault } from '../vault/openVault.ts';

export const measurements = {
  list(vault: OpenVault, seriesId: string): Measurement[] {
    const rows = vault.db
      .prepare('SELECT body FROM measurement WHERE series_ref = ? ORDER BY created_at, id')
      .all(seriesId) as { body: string }[];
    return rows.map(({ body }) => measurementSchema.parse(JSON.parse(body)));
  },

  /** Adds it, or replaces the one with its id. @throws series/unknown, argument/measurement */
  put(vault: OpenVault, measurement: Measurement): void {
    const { id, seriesId, kind, createdAt } = measurement;
    if (measurement.pointsLps.length !== POINTS[kind]) {
      throw new LanternError('argument/measurement', 'This measurement is incomplete.', 'Draw it again.');
    }
    vault.transact({ action: 'measurement.put', subject: id, detail: { kind, seriesId } }, () => {
      if (!vault.db.prepare('SELECT 1 FROM series WHERE id = ?').get(seriesId)) {
        throw new LanternError('series/unknown', 'This series is not in the vault.', 'Go back to the list of studies.');
      }
      vault.db
        .prepare(
          `INSERT INTO measurement (id, series_ref, kind, body, created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET series_ref = excluded.series_ref, kind = excluded.kind, body = excluded.body,
             modified_at = excluded.modified_at`,
        )
        .run(id, seriesId, kind, JSON.stringify(measurement), createdAt, new Date().toISOString());
    });
  },

  /** One that is not there is as good as removed. */
  remove(vault: OpenVault, id: string): void {
    vault.transact({ action: 'measurement.remove', subject: id }, () => {
      vault.db.prepare('DELETE FROM measurement WHERE id = ?').run(id);
    });
  },
};

const POINTS: Readonly<Record<Measurement['kind'], number>> = {
  length: 2,
  angle: 3,
  ellipse: 2,
  rectangle: 2,
  point: 1,
};
