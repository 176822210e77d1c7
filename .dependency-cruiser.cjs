/** Who may import whom; ARCHITECTURE.md, "Folders". Run by `npm run lint`; test/layers.test.ts plants a violation. */
module.exports = {
  forbidden: [
    {
      name: 'core-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(contract|main|preload|renderer)/' },
    },
    {
      name: 'core-imports-no-package',
      severity: 'error',
      from: { path: '^core/', pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules', pathNot: 'node_modules/(fflate|@bufbuild|vitest|fast-check)' },
    },
    {
      name: 'core-imports-no-node',
      severity: 'error',
      from: { path: '^core/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'contract-imports-core-only',
      severity: 'error',
      from: { path: '^contract/' },
      to: { path: '^(main|preload|renderer)/' },
    },
    { name: 'main-never-renderer', severity: 'error', from: { path: '^main/' }, to: { path: '^(renderer|preload)/' } },
    { name: 'renderer-never-main', severity: 'error', from: { path: '^renderer/' }, to: { path: '^(main|preload)/' } },
    {
      name: 'renderer-no-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'preload-contract-only',
      severity: 'error',
      from: { path: '^preload/' },
      to: { path: '^(core|main|renderer)/' },
    },
    {
      name: 'electron-only-in-its-shell',
      severity: 'error',
      from: { pathNot: '^(main/electron|preload)/' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
