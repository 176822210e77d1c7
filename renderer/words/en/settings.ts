/** English: the settings. */
export const settings = {
  pages: {
    vault: 'Vault and locking',
    models: 'Models and hardware',
    shortcuts: 'Keyboard shortcuts',
    about: 'About Lantern',
  },
  vault: {
    name: 'Name',
    user: 'User',
    folder: 'Folder',
    cipher: 'Encryption',
    cipherInWords: (cipher: string) => `Database ${cipher}; images AES-256-GCM, every object with its own key`,
    used: 'Size',
    autoLock: 'Lock after',
    autoLockHint: 'When nobody has touched anything for that long. A running job is waited for.',
    after: (minutes: number) => (minutes === 0 ? 'never by itself' : minutes === 60 ? '1 hour' : `${minutes} minutes`),
  },
  models: {
    loading: 'Looking at models and hardware',
    providers: 'Networks run on',
    providerNames: { cpu: 'Processor', cuda: 'CUDA', directml: 'DirectML', coreml: 'Core ML', webgpu: 'WebGPU' },
    title: 'Model packs',
    none: 'No model is on this machine. Import one from a USB stick or a folder.',
    notUsable: 'cannot run',
  },
  shortcuts: {
    fixed: [
      [
        'Everywhere',
        [
          ['Ctrl K', 'Find'],
          ['Esc', 'Close, or cancel the stroke'],
        ],
      ],
      [
        'Worklist',
        [
          ['/', 'Search the studies'],
          ['↑ ↓', 'Choose a study'],
          ['Enter', 'Open it'],
        ],
      ],
    ] as ReadonlyArray<readonly [string, ReadonlyArray<readonly [string, string]>]>,
  },
  about: {
    what: 'An imaging workstation for clinics without internet: import, view, segment, measure, export.',
    version: 'Version',
    shell: 'Runs as',
    shells: { electron: 'desktop program', loopback: 'local program in a browser window' },
    licence: 'Licence',
    licenceName: 'Apache License 2.0',
    network: 'Network',
    networkNone: 'Nothing leaves this computer unless you export it.',
    standsOn:
      'Lantern stands on the work of others: vtk.js, ONNX Runtime, SQLite and SQLite3 Multiple Ciphers, dcmjs, ITK, React, Mantine, Tabler Icons, Inter and more. Their licences are listed in THIRD_PARTY_NOTICES, which comes with the program.',
  },
} as const;
