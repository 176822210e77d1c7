/** English: the worklist. */
const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

interface Counts {
  readonly imported: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly failed: number;
}

export const worklist = {
  studies: 'Studies',
  loading: 'Reading the studies…',
  preview: 'Preview',
  unnamed: 'No name',
  noId: 'no ID',
  noDate: 'no date',
  noDescription: 'no description',
  importFolder: 'Import folder',
  importFiles: 'Import files',
  demonstration: 'Add the demonstration study',
  demonstrationRunning: 'Making the demonstration study…',
  demonstrationFailed: 'The demonstration study could not be made',
  nothingFound: 'No study matches.',
  showAll: 'Show all studies',
  seriesCount: (count: number) => plural(count, 'series', 'series'),
  imageCount: (count: number) => plural(count, 'image', 'images'),
  unnamedSeries: (modality: string, number: number | null) =>
    number === null ? modality : `${modality}, series ${number}`,
  columns: {
    patient: 'Patient',
    date: 'Study',
    modality: 'Modality',
    what: 'What',
    images: 'Images',
    state: 'State',
    size: 'Size',
  },
  filters: {
    label: 'Which studies',
    search: 'Search the studies by name, ID, description or accession number',
    searchPlaceholder: 'Search studies',
    show: 'Show',
    shows: { all: 'All studies', today: 'Today', proposals: 'Proposals waiting', warnings: 'With warnings' },
    modality: 'Modality',
  },
  vault: {
    title: 'Vault',
    used: (size: string) => `${size} used · encrypted`,
    free: (size: string) => `${size} free on this disk`,
  },
  states: {
    proposal: 'proposal',
    segments: (count: number) => plural(count, 'segment', 'segments'),
    new: 'new',
    untouched: 'no segments',
    warnings: (count: number) => plural(count, 'warning', 'warnings'),
  },
  empty: {
    sentence: 'There are no studies in this vault yet.',
    detail:
      'Drop a folder, a CD or single files here, or choose them. Or begin with the demonstration study: a phantom without a patient.',
  },
  drop: {
    hint: 'Drop a folder, a CD or single files here. Nothing leaves this computer.',
    release: 'Let go to import',
  },
  importing: {
    reading: 'Reading files',
    files: 'files',
    failed: 'The import did not start',
  },
  report: {
    done: 'Import finished',
    nothingNew: 'Nothing was imported',
    summary: ({ imported, duplicates, ignored, failed }: Counts) =>
      [
        `${plural(imported, 'file', 'files')} imported`,
        duplicates > 0 && `${duplicates.toLocaleString('en')} already here`,
        ignored > 0 && `${ignored.toLocaleString('en')} ignored`,
        failed > 0 && `${failed.toLocaleString('en')} failed`,
      ]
        .filter(Boolean)
        .join(', ')
        .concat('.'),
    files: 'Files that were not imported',
    file: 'File',
    outcome: 'Outcome',
    reason: 'Reason',
    status: { imported: 'imported', duplicate: 'already here', ignored: 'ignored', failed: 'failed' },
    more: (count: number) => `and ${plural(count, 'file', 'files')} more`,
  },
  details: {
    label: 'The chosen study',
    nothing: 'Choose a study to see its series.',
    preview: (what: string) => `Middle slice of ${what}`,
    open: 'Open',
    segment: 'Segment',
    remove: 'Remove',
    series: 'Series',
    // Broken nowhere inside the number: it is read out and typed elsewhere.
    accession: (number: string) => `accession\u00a0${number.replaceAll('-', '\u2011')}`,
    facts: { years: (years: number) => (years === 0 ? 'under 1 y' : `${years} y`), otherSex: 'other sex' },
  },
  geometry: {
    title: 'Geometry',
    good: 'Regular spacing, no slice missing, no tilt',
  },
  segmentations: {
    title: 'Segmentations',
    none: 'None yet. Segment opens the case with the tools for it.',
    volume: (millilitres: string) => `${millilitres} ml`,
    exportNamed: (name: string) => `Export ${name}`,
    formats: {
      'dicom-seg': 'DICOM segmentation',
      nifti: 'NIfTI label map',
      nrrd: 'NRRD label map',
      stl: 'STL surface',
      pdf: 'PDF report',
    },
  },
  remove: {
    title: (name: string) => `Remove the study of ${name}?`,
    lost: (series: number, segmentations: number) =>
      `${plural(series, 'series', 'series')}${segmentations > 0 ? ` and ${plural(segmentations, 'segmentation', 'segmentations')} with their history and measurements` : ' and any measurements in it'} will be gone from this vault for good. The files you imported from are not touched.`,
    confirm: 'Remove for good',
  },
  status: (shown: number, all: number, hasSelection: boolean) =>
    `${shown === all ? plural(all, 'study', 'studies') : `${shown.toLocaleString('en')} of ${plural(all, 'study', 'studies')}`}${hasSelection ? ', 1 selected' : ''}`,
} as const;
