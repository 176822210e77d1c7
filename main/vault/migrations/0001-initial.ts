/** The first schema. A later change is a new file beside this one, never an edit here. */
import type { Migration } from './migration.ts';

export const initial: Migration = {
  version: 1,
  name: 'initial',
  sql: `
CREATE TABLE user (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('owner','clinician','technician','reader')),
  created_at TEXT NOT NULL, disabled_at TEXT
) STRICT;
CREATE TABLE key_slot (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('passphrase','recovery','break-glass')),
  owner_user_id TEXT REFERENCES user(id), created_at TEXT NOT NULL, revoked_at TEXT
) STRICT;
CREATE TABLE object (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('pack','volume','labelmap','mesh','document','thumbnail')),
  key BLOB NOT NULL, codec TEXT NOT NULL, plain_bytes INTEGER NOT NULL, stored_bytes INTEGER NOT NULL, sha256 BLOB, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE patient (
  id TEXT PRIMARY KEY, patient_id TEXT NOT NULL, issuer TEXT NOT NULL DEFAULT '', name TEXT NOT NULL, birth_date TEXT NOT NULL DEFAULT '',
  sex TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL, UNIQUE (patient_id, issuer, name, birth_date)
) STRICT;
CREATE TABLE study (
  id TEXT PRIMARY KEY, patient_ref TEXT NOT NULL REFERENCES patient(id), study_instance_uid TEXT NOT NULL UNIQUE, study_id TEXT NOT NULL DEFAULT '',
  accession_number TEXT NOT NULL DEFAULT '', study_date TEXT NOT NULL DEFAULT '', study_time TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '',
  referring_physician TEXT NOT NULL DEFAULT '', is_demonstration INTEGER NOT NULL DEFAULT 0, imported_at TEXT NOT NULL
) STRICT;
CREATE INDEX study_patient ON study(patient_ref);
CREATE TABLE series (
  id TEXT PRIMARY KEY, study_ref TEXT NOT NULL REFERENCES study(id) ON DELETE CASCADE, series_instance_uid TEXT NOT NULL,
  modality TEXT NOT NULL, number INTEGER, description TEXT NOT NULL DEFAULT '', body_part TEXT NOT NULL DEFAULT '',
  frame_of_reference_uid TEXT NOT NULL DEFAULT '', source TEXT NOT NULL CHECK (source IN ('dicom','nifti','nrrd','metaimage')),
  -- JSON: attributes that exports copy (patient age, manufacturer, ...); warnings: [{code, message}].
  attributes TEXT NOT NULL DEFAULT '{}', warnings TEXT NOT NULL DEFAULT '[]',
  thumbnail_object TEXT REFERENCES object(id), created_at TEXT NOT NULL, UNIQUE (study_ref, series_instance_uid)
) STRICT;
CREATE TABLE instance (
  id TEXT PRIMARY KEY, series_ref TEXT NOT NULL REFERENCES series(id) ON DELETE CASCADE, sop_instance_uid TEXT NOT NULL UNIQUE, sop_class_uid TEXT NOT NULL,
  instance_number INTEGER, transfer_syntax_uid TEXT NOT NULL DEFAULT '',
  -- the original file, bit for bit, is bytes [pack_offset, pack_offset + pack_bytes) of the pack object
  pack_object TEXT NOT NULL REFERENCES object(id), pack_offset INTEGER NOT NULL, pack_bytes INTEGER NOT NULL, sha256 BLOB NOT NULL,
  position REAL, file_name TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL
) STRICT;
CREATE INDEX instance_series ON instance(series_ref);
CREATE TABLE volume (
  id TEXT PRIMARY KEY, series_ref TEXT NOT NULL REFERENCES series(id) ON DELETE CASCADE, object_ref TEXT NOT NULL REFERENCES object(id),
  scalar_type TEXT NOT NULL, geometry TEXT NOT NULL, unit TEXT NOT NULL DEFAULT '', window_center REAL NOT NULL, window_width REAL NOT NULL,
  minimum REAL NOT NULL, maximum REAL NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE INDEX volume_series ON volume(series_ref);
CREATE TABLE segmentation (
  id TEXT PRIMARY KEY, series_ref TEXT NOT NULL REFERENCES series(id) ON DELETE CASCADE, geometry TEXT NOT NULL, name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed','accepted')), origin TEXT NOT NULL CHECK (origin IN ('manual','model','preset')),
  provenance TEXT, cursor INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX segmentation_series ON segmentation(series_ref);
CREATE TABLE segment (
  segmentation_ref TEXT NOT NULL REFERENCES segmentation(id) ON DELETE CASCADE, number INTEGER NOT NULL, ordinal INTEGER NOT NULL, layer INTEGER NOT NULL,
  name TEXT NOT NULL, color TEXT NOT NULL, codes TEXT NOT NULL, opacity REAL NOT NULL, display TEXT NOT NULL, visible INTEGER NOT NULL, locked INTEGER NOT NULL,
  origin TEXT NOT NULL, voxels INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (segmentation_ref, number)
) STRICT;
CREATE TABLE edit (
  id TEXT PRIMARY KEY, segmentation_ref TEXT NOT NULL REFERENCES segmentation(id) ON DELETE CASCADE, sequence INTEGER NOT NULL, code TEXT NOT NULL, label TEXT NOT NULL,
  source TEXT NOT NULL, packet BLOB NOT NULL, created_at TEXT NOT NULL, UNIQUE (segmentation_ref, sequence)
) STRICT;
CREATE TABLE labelmap_snapshot (
  segmentation_ref TEXT NOT NULL REFERENCES segmentation(id) ON DELETE CASCADE, sequence INTEGER NOT NULL, layer INTEGER NOT NULL, bytes_per_voxel INTEGER NOT NULL,
  object_ref TEXT NOT NULL REFERENCES object(id), PRIMARY KEY (segmentation_ref, sequence, layer)
) STRICT;
CREATE TABLE measurement (
  id TEXT PRIMARY KEY, series_ref TEXT NOT NULL REFERENCES series(id) ON DELETE CASCADE, kind TEXT NOT NULL, body TEXT NOT NULL, created_at TEXT NOT NULL, modified_at TEXT NOT NULL
) STRICT;
CREATE INDEX measurement_series ON measurement(series_ref);
CREATE TABLE plan (
  id TEXT PRIMARY KEY, series_ref TEXT NOT NULL REFERENCES series(id) ON DELETE CASCADE, kind TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL,
  created_at TEXT NOT NULL, modified_at TEXT NOT NULL, signed_by TEXT REFERENCES user(id), signed_at TEXT
) STRICT;
CREATE TABLE model (
  id TEXT NOT NULL, version TEXT NOT NULL, sha256 TEXT NOT NULL, manifest TEXT NOT NULL, trusted_at TEXT NOT NULL, PRIMARY KEY (id, version)
) STRICT;
CREATE TABLE job (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, progress TEXT NOT NULL, error TEXT, result TEXT, started_at TEXT NOT NULL, finished_at TEXT
) STRICT;
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, user_ref TEXT, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
  previous_hash BLOB NOT NULL, hash BLOB NOT NULL UNIQUE
) STRICT;
CREATE TABLE setting ( key TEXT PRIMARY KEY, value TEXT NOT NULL ) STRICT;
`,
};
