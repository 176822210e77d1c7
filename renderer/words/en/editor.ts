/** English: the editor. */
interface Taken {
  readonly name: string;
  readonly volume: string;
}
interface Hole {
  readonly leftOut: string;
  readonly within: string;
  readonly volume: string;
}
/** More holes are counted. */
const MOST_HOLES = 3;

const takenInWords = ({ name, volume }: Taken): string => `${volume} of ${name}`;

export const editor = {
  newSegmentation: 'Segmentation',
  errors: {
    differs: {
      message: 'What is stored differs from what is shown.',
      hint: 'Load the stored state, and repeat the last change.',
    },
    noSegment: { message: 'No segment is chosen to work on.', hint: 'Add a segment, or pick one in the list.' },
    imageLoading: {
      message: 'The image is still being loaded.',
      hint: 'Wait until the bar above the views is full, then try again.',
    },
  },
  tools: {
    brush: {
      label: 'Brush',
      hint: 'Brush: drag to paint, Shift drag to erase, Ctrl wheel for size, 1–9 for segments, Esc cancels the stroke',
    },
    eraser: {
      label: 'Eraser',
      hint: 'Eraser: drag to take away from the active segment, Shift drag to paint, Ctrl wheel for size',
    },
    threshold: {
      label: 'Threshold',
      hint: 'Threshold: click a voxel for the lower bound, Shift click for the upper; apply it in the panel',
    },
  },
  loading: 'Loading the segments …',
  proposal: {
    title: 'Proposal · not yet accepted',
    waiting: (place: number, all: number) => `${place} of ${all}`,
    waitingTitle: (all: number) => `${all} proposals wait: accepted or rejected, this one makes room for the next`,
    by: (model: string, version: string) => `${model} ${version}`,
    details: (provider: string, seconds: string, how: { readonly isMirrored: boolean; readonly isAround: boolean }) =>
      [
        provider.toUpperCase(),
        `${seconds} s`,
        ...(how.isAround ? ['only around a point'] : []),
        ...(how.isMirrored ? ['mirror images too'] : []),
      ].join(' · '),
    accept: 'Accept',
    acceptSome: (chosen: number, all: number) => `Accept ${chosen} of ${all}`,
    reject: 'Reject',
    rejectAll: 'Reject all',
    rejectStep: (name: string) => `Reject ${name}`,
    rejectedName: (name: string) => `Rejected “${name}”.`,
    chooseNamed: (name: string) => `Accept ${name}`,
    chooseHint: 'What is not ticked is hidden, and is left out when you accept',
    all: 'All',
    none: 'None',
    holes: (holes: readonly Hole[]) => {
      const named = holes
        .slice(0, MOST_HOLES)
        .map(({ leftOut, within, volume }, n) => `${leftOut} ${n ? 'one' : 'leaves a hole'} of ${volume} in ${within}`);
      const more = holes.length - named.length;
      return `Left out, ${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}.`;
    },
    acceptedSome: (accepted: number, rejected: readonly string[]) =>
      `${accepted} accepted. Left out: ${rejected.join(', ')}. Undo gives the proposal back.`,
    acceptedBeside: (before: string) =>
      `“${before}”, accepted before, is in the list of segmentations; it is not drawn meanwhile.`,
    acceptedElsewhere: (name: string) =>
      `“${name}” was accepted in another window meanwhile: it is no proposal any more.`,
    ai: 'AI',
    aiTitle: 'Made by a network on this machine; a person must check it',
    segments: 'Segments of the proposal',
  },
  segments: {
    title: 'Segments',
    label: 'Segments',
    add: 'Add segment',
    chosen: 'Segmentation',
    empty: 'No segments yet. Add one, then paint with the brush.',
    color: 'Colour',
    pickColor: 'Pick a colour from the screen',
    show: (name: string) => `Show ${name}`,
    hide: (name: string) => `Hide ${name}`,
    lock: (name: string) => `Lock ${name}`,
    unlock: (name: string) => `Unlock ${name}`,
    name: 'Name of the segment',
    code: 'Coded type (SNOMED CT)',
    opacity: 'Fill',
    display: { label: 'Drawn as', both: 'Both', outline: 'Outline', fill: 'Fill' },
    rowHint: 'Double click or F2 renames, Alt with the arrow keys moves it in the list',
    up: 'Move up',
    down: 'Move down',
    remove: 'Delete',
    locked: 'Unlock it first to delete it',
  },
  brush: {
    title: 'Brush',
    diameter: 'Diameter',
    shape: 'Shape',
    disc: 'Disc',
    ball: 'Sphere',
    range: 'Only paint',
    rangeSwitch: 'Only paint values in this range',
    from: 'Lowest value to paint',
    to: 'Highest value to paint',
    overwrite: 'Overwrite',
    overwriteUnlocked: 'All but locked segments',
    overwriteEmpty: 'No other segment',
  },
  threshold: {
    title: 'Threshold',
    lower: 'Lower bound',
    upper: 'Upper bound',
    range: 'Values from and to',
    histogram: 'How often each value occurs, with the chosen range',
    apply: 'Apply',
    cancel: 'Cancel',
    bone: 'CT bone',
    boneHint: 'Finds bone by its cortex; leaves table, contrast medium and calcifications',
    accept: 'Accept',
    bonePreview: 'Preview of the bone: accept it or cancel',
    working: (label: string) => `${label} …`,
  },
  operations: {
    title: 'Operations',
    choose: 'Operation',
    other: 'Second segment',
    apply: 'Apply',
    cancel: 'Cancel',
    nothing: 'It found nothing to change.',
    overwrite: 'What the operation may overwrite',
    willTake: (parts: readonly Taken[]) => `Will replace ${parts.map(takenInWords).join(', ')}.`,
    hasTaken: (parts: readonly Taken[]) => `It replaced ${parts.map(takenInWords).join(', ')}. Undo brings it back.`,
  },
  ai: {
    title: 'Networks',
    none: 'No network is on this machine yet.',
    noneDetail: 'Bring one in from a USB stick or a folder: a model pack, an nnU-Net export or a MONAI bundle.',
    choose: 'Network',
    run: 'Run',
    card: 'Card',
    cardNamed: (name: string) => `Card of ${name}`,
    cancel: 'Cancel',
    cancelNamed: (name: string) => `Cancel ${name}`,
    finds: (names: readonly string[]) =>
      names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`,
    severalSeries: (names: readonly string[]) => `Reads ${names.length} series together: ${names.join(', ')}.`,
    channels: {
      title: 'Series of this network',
      first: (channel: string, series: string) =>
        `${channel} is the open series, ${series}. The mask will lie on its grid.`,
      choose: 'Choose the series',
      loading: 'Looking for this patient’s series …',
      none: 'This patient has no other series here. Import them first.',
      unnamed: 'Series',
    },
    fits: { yes: 'Fits this series', 'with-care': 'Fits with care', no: 'Not for this series' },
    fitUnknown: 'Looking whether it fits …',
    notUsable: 'Cannot run',
    seconds: (duration: string) => `about ${duration}`,
    secondsUnmeasured: 'time: being measured',
    secondsUnknown: 'time: known after its first run',
    secondsTitle: {
      runs: 'From earlier runs on this machine',
      operations: 'From the network’s operations and this machine’s speed; its first run will tell better',
      unmeasured: 'The machine’s speed is being measured',
      unknown: 'Its first run on this machine will tell',
    },
    memory: (size: string, isLeast: boolean) => (isLeast ? `at least ${size}` : size),
    memoryTitle: (isLeast: boolean) =>
      isLeast
        ? 'Memory, without what the network itself takes: nobody has measured that yet'
        : 'Memory that the run takes',
    windows: (count: number, looks: number, isPart: boolean) =>
      [
        count === 1 ? (isPart ? 'one window' : 'whole volume at once') : `${count.toLocaleString('en')} windows`,
        ...(looks > 1 ? [`${looks} looks`] : []),
      ].join(', '),
    looksTitle: (looks: number) => `Its answers to the image and to its mirror images, ${looks} in all, are averaged.`,
    mirror: {
      label: 'Look at mirror images too',
      unknown: 'Mean of several answers: steadier, and takes longer.',
      detail: (looks: number, isUsual: boolean) =>
        `Mean of ${looks} answers: steadier, ${looks} times as long.${isUsual ? ' Its figures were measured so.' : ''}`,
    },
    around: {
      label: 'Only around the crosshair',
      detail: (mm: readonly number[]) =>
        `${mm.map(Math.round).join(' × ')} mm, as in its training. Put the crosshair in the middle of the structure.`,
    },
    progressOf: (name: string) => `Progress of ${name}`,
    loading: 'Looking for networks …',
    starting: 'Starting …',
    coarse: 'Coarse preview: the full result replaces it',
    coarseDetail: (dice: string | null) =>
      `A coarse preview is shown; it is never kept. ${dice === null ? 'How well it agrees with this network’s full results is not known yet.' : `Before, it agreed with the full result with Dice ${dice}.`}`,
    progress: (phase: string, done: number, total: number) =>
      total > 0 ? `${phase} ${done} of ${total}`.trim() : phase,
  },
  surface: {
    title: '3D surface',
    show: 'Show surfaces in 3D',
    smoothing: 'Smoothing',
    working: 'Making surfaces …',
    figure: (name: string, before: string, after: string) => `${name}: ${before} voxels, ${after} surface`,
  },
  history: {
    title: 'History',
    undo: 'Undo',
    redo: 'Redo',
    toolbar: 'Undo and redo',
    last: (label: string) => `Last: ${label}`,
    nothingToUndo: 'Nothing to undo',
    empty: 'Nothing was changed yet.',
    undone: 'undone',
  },
  saving: {
    failed: 'Not saved: the last changes are in this window only.',
    notSaved: 'not on disk yet',
    reload: 'Load what is stored',
    pending: (count: number) => (count === 1 ? '1 change waits' : `${count} changes wait`),
  },
} as const;
