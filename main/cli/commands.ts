/** The list of commands. Each is loaded when it is called; its file stands in commands/ and exports `run`. */
import type { CommandModule } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** In commander's notation: `<series>`, `<path...>`. */
  readonly args?: string;
  readonly options?: readonly (readonly [flags: string, summary: string])[];
  /** Options that must be given. */
  readonly required?: readonly (readonly [flags: string, summary: string])[];
  readonly load: () => Promise<CommandModule>;
  /** `lantern NAME SUBCOMMAND`; without one, the command itself runs. */
  readonly subcommands?: readonly CommandEntry[];
}

export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'Create the vault; prints the recovery code, once',
    options: [
      ['--name <name>', 'the name of the vault'],
      ['--user <name>', 'the name of its owner'],
    ],
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'import',
    summary: 'Import DICOM, NIfTI, NRRD or MetaImage files and folders',
    args: '<path...>',
    load: () => import('./commands/import.ts'),
  },
  { name: 'list', summary: 'List studies, series and segmentations', load: () => import('./commands/list.ts') },
  {
    name: 'volume',
    summary: 'Write a series as NIfTI or NRRD',
    args: '<series>',
    required: [['--out <file>', 'FILE.nii.gz, FILE.nii or FILE.nrrd']],
    load: () => import('./commands/volume.ts'),
  },
  {
    name: 'models',
    summary: 'List the networks',
    load: () => import('./commands/models.ts'),
    subcommands: [
      {
        name: 'convert',
        summary: 'Make a pack of a tfjs network',
        args: '<folder>',
        required: [['--out <pack>', 'the folder to make']],
        load: () => import('./commands/models/convert.ts'),
      },
      {
        name: 'verify',
        summary: 'Check a pack: schema, hashes, network, dry run, golden case',
        args: '<pack>',
        load: () => import('./commands/models/verify.ts'),
      },
      {
        name: 'overlap',
        summary: 'Measure on a NIfTI volume what less overlap between windows costs and saves',
        args: '<pack> <volume>',
        load: () => import('./commands/models/overlap.ts'),
      },
      {
        name: 'card',
        summary: 'Show the card of a pack or of a model',
        args: '<pack>',
        load: () => import('./commands/models/card.ts'),
      },
      {
        name: 'import',
        summary: 'Take in a pack, an nnU-Net export or a MONAI bundle, from a folder or .zip file',
        args: '<path>',
        options: [
          ['--trust', 'you know where it comes from; needed where no trusted key signed it'],
          ['--orientation <letters>', 'how the network’s images lie, where the export does not say: RAS, LPS, …'],
        ],
        load: () => import('./commands/models/import.ts'),
      },
      {
        name: 'quantize',
        summary: 'Make an 8-bit variant of a model; it is kept only if it loses little and is faster',
        args: '<model>',
        required: [['--out <pack>', 'the folder to make']],
        options: [['--calibrate <file...>', 'volumes of the kind that the model reads; they stay on this machine']],
        load: () => import('./commands/models/quantize.ts'),
      },
      {
        name: 'prune',
        summary: 'Make a variant of a model with fewer channels; it is kept only if it loses little and is faster',
        args: '<model>',
        required: [
          ['--keep <share>', 'of the channels between convolutions, 0 to 1'],
          ['--out <pack>', 'the folder to make'],
        ],
        options: [['--calibrate <file...>', 'volumes that it is measured on too; they stay on this machine']],
        load: () => import('./commands/models/prune.ts'),
      },
    ],
  },
  {
    name: 'segment',
    summary: 'Let a network propose a segmentation',
    args: '<series>',
    options: [
      ['--model <id>', 'which network'],
      ['--channel <name=series...>', 'which series is which further channel of a network that reads several'],
      ['--ensemble <ids>', 'several networks with the same classes, ID,ID: their probabilities are averaged'],
      ['--tta', 'also show the network the flipped series, and average'],
      ['--no-tta', 'do not, even where the model does so by default'],
      ['--around <x,y,z>', 'only the part around this point, LPS mm, for a network that was trained on crops'],
      ['--uncertainty <file>', 'write how unsure it was, 0 to 1, as FILE.nii.gz; also lists the places to look at'],
      ['--attention <file>', 'write the first attention map of a network that offers one, as FILE.nii.gz'],
      ['--provider <name>', 'cpu, cuda, directml, coreml or webgpu, and nothing else'],
      ['--accept', 'accept the proposal at once'],
      ['--point <x,y,z,inside...>', 'with --model prompt: LPS mm; 1 inside, 0 outside; as often as wanted'],
      ['--box <x,y,z,x,y,z>', 'with --model prompt: two opposite corners in one slice, LPS mm'],
      ['--plane <plane>', 'with --model prompt: axial, coronal or sagittal; else the plane of acquisition'],
      ['--slices <which>', 'with --model prompt: one (as pointed at) or all (followed until the structure ends)'],
      ['--name <name>', 'with --model prompt: name of the segment'],
    ],
    load: () => import('./commands/segment.ts'),
  },
  {
    name: 'explain',
    summary: 'Show what the network of a proposal needs to see, or attended to',
    args: '<segmentation>',
    options: [
      ['--segment <number>', 'with --saliency: the segment that is to be explained'],
      [
        '--saliency <file>',
        'hide one place after another; write the share of the segment that is lost, as FILE.nii.gz',
      ],
      ['--patch <mm>', 'edge of the smallest patch; else by the segment’s size'],
      ['--runs <number>', 'most runs of the network; else 60, more where the segment needs several windows'],
      ['--attention <file>', 'write an attention map of a network that offers one, as FILE.nii.gz'],
      ['--map <name>', 'with --attention: which one; else the first'],
    ],
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'threshold',
    summary: 'Segment all voxels between two values',
    args: '<series>',
    required: [
      ['--min <value>', 'lowest value, included; HU for CT'],
      ['--max <value>', 'highest value, included'],
      ['--name <name>', 'name of the segment'],
    ],
    load: () => import('./commands/threshold.ts'),
  },
  {
    name: 'accept',
    summary: 'Accept a proposed segmentation',
    args: '<segmentation>',
    options: [['--segments <numbers>', 'only these, as 1,2; the others are rejected']],
    load: () => import('./commands/accept.ts'),
  },
  {
    name: 'export',
    summary: 'Write a segmentation: dicom-seg, nifti, nrrd, stl or pdf',
    args: '<segmentation>',
    required: [
      ['--format <format>', 'dicom-seg, nifti, nrrd, stl or pdf'],
      ['--out <file>', 'where to'],
    ],
    options: [['--segment <number>', 'only this segment']],
    load: () => import('./commands/export.ts'),
  },
  {
    name: 'remove',
    summary: 'Remove a study with all that belongs to it',
    args: '<study>',
    load: () => import('./commands/remove.ts'),
  },
  {
    name: 'serve',
    summary: 'Start the workstation without opening a window; prints its address',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'demo',
    summary: 'Run the demonstration on the digital phantom and write what comes out',
    required: [['--out <folder>', 'where to']],
    load: () => import('./commands/demo.ts'),
  },
];
