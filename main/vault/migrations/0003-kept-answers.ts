/** Where the answers of a model come from that a person kept in a segment. They outlive the steps of the history. */
import type { Migration } from './migration.ts';

export const keptAnswers: Migration = {
  version: 3,
  name: 'kept-answers',
  sql: `
CREATE TABLE kept_answer (
  segmentation_ref TEXT NOT NULL REFERENCES segmentation(id) ON DELETE CASCADE,
  -- the step that kept it; counts while the cursor stands at it or after it
  sequence INTEGER NOT NULL,
  -- number of the segment that got the voxels
  segment INTEGER NOT NULL,
  -- the step that took the segment away (its number may be given again); null: none did
  removed_at INTEGER,
  -- JSON: contract/schemas/provenance.ts
  provenance TEXT NOT NULL,
  PRIMARY KEY (segmentation_ref, sequence, segment)
) STRICT;
`,
};
