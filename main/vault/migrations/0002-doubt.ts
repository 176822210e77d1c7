/** How sure a network was of its proposal: a map of one byte a voxel as an object, and the places that hold most doubt. */
import type { Migration } from './migration.ts';

export const doubt: Migration = {
  version: 2,
  name: 'doubt',
  sql: `
CREATE TABLE segmentation_doubt (
  segmentation_ref TEXT PRIMARY KEY REFERENCES segmentation(id) ON DELETE CASCADE,
  -- an object of kind labelmap on the segmentation's grid: 0 sure, 255 as unsure as can be
  object_ref TEXT NOT NULL REFERENCES object(id),
  -- JSON: contract/schemas/inference.ts, placeOfDoubt
  places TEXT NOT NULL
) STRICT;
`,
};
