/** English: the app. */
const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export const app = {
  name: 'Lantern',
  retry: 'Try again',
  dismiss: 'Dismiss',
  cancel: 'Cancel',
  close: 'Close',
  settings: 'Settings',
  lock: 'Lock',
  user: 'Who is working',
  opening: 'Opening the case…',
  starting: 'Starting…',
  step: (step: number, of: number) => `Step ${step} of ${of}`,
  notADevice:
    'Lantern is not a cleared medical device. A qualified person answers for every use of what it shows and measures.',
  find: {
    label: 'Find',
    short: 'Find',
    shortcut: 'Ctrl K',
    placeholder: 'Name, ID, date, tool, setting …',
    nothing: 'Nothing of that name. Try a patient, a tool or a setting.',
    groups: { actions: 'Actions', studies: 'Studies', settings: 'Settings' },
  },
  firstStart: {
    title: 'Make your vault',
    lead: 'Every study is kept in an encrypted folder on this computer. Nothing leaves it unless you export it.',
    vaultName: 'Name of the vault',
    vaultNameDefault: 'Clinic vault',
    userName: 'Your name',
    userNameHint: 'Stands beside what you accept, sign and export.',
    passphrase: 'Passphrase',
    passphraseHint: 'Four or five words that nobody would guess. It cannot be looked up anywhere.',
    passphraseAgain: 'The same passphrase again',
    differs: 'The two passphrases differ.',
    create: 'Create the vault',
  },
  strength: {
    label: 'Strength of the passphrase',
    example: 'For example: river lamp onion tractor velvet (but not this one).',
    'too-short': 'Too short.',
    weak: 'Weak: it can be guessed. Add a word or two.',
    fair: 'Fair: one more word would make it strong.',
    strong: 'Strong.',
  },
  recoverySheet: {
    title: 'Keep the recovery code',
    lead: 'It opens the vault if the passphrase is lost. It is shown this once. Print it or write it down, and keep it where you keep the keys of the clinic.',
    printed: (vault: string, date: string) => `Lantern · recovery code of “${vault}” · ${date}`,
    print: 'Print',
    kept: 'I have kept it',
    next: 'Continue',
  },
  demonstration: {
    title: 'A study to begin with',
    lead: 'Lantern makes a demonstration study: a digital phantom of a torso, with no patient behind it.',
    starting: 'Starting…',
    ready: 'The demonstration study is in the worklist.',
    go: 'Open the worklist',
    goNow: 'Go on, it continues in the background',
  },
  unlock: {
    title: 'The vault is locked',
    lead: 'The vault is locked. Everything in it is encrypted.',
    encrypted: 'Everything in it is encrypted.',
    passphrase: 'Passphrase',
    unlock: 'Unlock',
    useRecoveryCode: 'Use the recovery code instead',
  },
  recover: {
    title: 'Open with the recovery code',
    lead: 'Type the code from the printed sheet and choose a new passphrase. The old passphrase stops working.',
    code: 'Recovery code',
    newPassphrase: 'New passphrase',
    open: 'Set the passphrase and open',
    back: 'Back to the passphrase',
  },
  jobs: {
    count: (done: number, total: number, unit: string) =>
      unit === '%'
        ? `${Math.round((100 * done) / total)} %`
        : `${Math.floor(done).toLocaleString('en')} of ${Math.ceil(total).toLocaleString('en')} ${unit}`.trim(),
    left: (duration: string) => `${duration} left`,
    more: (count: number) => `and ${plural(count, 'job', 'jobs')} more`,
    cancelNamed: (title: string) => `Cancel: ${title}`,
    failed: (title: string) => `${title}: it did not work`,
    cancelled: (title: string) => `${title}: cancelled`,
    done: (title: string) => `${title}: done`,
  },
  locking: {
    unlocked: 'unlocked',
    locksIn: (minutes: number) => `unlocked, locks in ${minutes} min`,
  },
  boundary: {
    sentence: 'This screen has stopped working.',
    detail: 'It is a fault of Lantern, not of your data: everything that was marked as saved is on disk.',
    back: 'Back to the worklist',
    reload: 'Reload the window',
  },
  errors: {
    unexpected: {
      code: 'shell/unexpected',
      message: 'Something went wrong in this window.',
      hint: 'Try again; if it happens again, reload the window. Saved work is on disk.',
    },
    notAllowed: {
      code: 'shell/not-allowed',
      message: 'This window may not talk to Lantern any more.',
      hint: 'Close it and start Lantern again.',
    },
    notFound: {
      code: 'shell/not-found',
      message: 'Lantern does not have this any more.',
      hint: 'Go back to the worklist and open the study again.',
    },
    hostLost: {
      code: 'shell/host-lost',
      message: "Lantern's program has stopped.",
      hint: 'Start Lantern again; everything that was marked as saved is on disk.',
    },
  },
} as const;
