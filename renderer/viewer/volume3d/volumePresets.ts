/**
 * What the 3D picture shows of an image: colour and opacity by value for the volume, and thresholds for the surface that stands
 * in for it on machines without a graphics processor. Values in HU for CT; for others as fractions of the window. Names: words.
 */
import type { WindowLevel } from '#core/rendering/windowLevel.ts';

export type VolumePresetId = 'bone' | 'vessels' | 'softTissue' | 'skin' | 'lung' | 'mip' | 'mr' | 'mrSurface';

export interface SurfaceLevel {
  readonly value: number;
  readonly color: string;
  readonly opacity: number;
}

type Rgb = readonly [red: number, green: number, blue: number];

export interface VolumePreset {
  readonly id: VolumePresetId;
  readonly blend: 'composite' | 'maximum';
  readonly shade: boolean;
  /** value, red, green, blue (0 … 1) */
  readonly colors: ReadonlyArray<readonly [value: number, ...Rgb]>;
  /** value, opacity (0 … 1) per millimetre or so */
  readonly opacities: ReadonlyArray<readonly [value: number, opacity: number]>;
  readonly surfaces: readonly SurfaceLevel[];
}

const IVORY = '#efe3c4';
const VESSEL = '#c8503f';
const SKIN = '#d8a184';
const TISSUE = '#c58a72';

const CT: readonly VolumePreset[] = [
  {
    id: 'bone',
    blend: 'composite',
    shade: true,
    colors: [
      [120, 0.55, 0.25, 0.16],
      [200, 0.86, 0.72, 0.52],
      [350, 0.94, 0.89, 0.77],
      [1500, 1, 0.99, 0.95],
    ],
    opacities: [
      [150, 0],
      [220, 0.25],
      [350, 0.75],
      [1500, 0.95],
    ],
    surfaces: [{ value: 200, color: IVORY, opacity: 1 }],
  },
  {
    id: 'vessels',
    blend: 'composite',
    shade: true,
    colors: [
      [100, 0.55, 0.1, 0.08],
      [180, 0.8, 0.27, 0.2],
      [300, 0.93, 0.62, 0.46],
      [450, 0.95, 0.9, 0.78],
      [1500, 1, 1, 0.96],
    ],
    opacities: [
      [110, 0],
      [170, 0.2],
      [300, 0.6],
      [1500, 0.95],
    ],
    surfaces: [{ value: 150, color: VESSEL, opacity: 1 }],
  },
  {
    id: 'softTissue',
    blend: 'composite',
    shade: true,
    colors: [
      [-200, 0.75, 0.6, 0.5],
      [-50, 0.8, 0.62, 0.48],
      [40, 0.72, 0.4, 0.32],
      [150, 0.85, 0.55, 0.42],
      [300, 0.95, 0.9, 0.8],
    ],
    opacities: [
      [-30, 0],
      [20, 0.08],
      [100, 0.25],
      [250, 0.7],
      [1500, 0.95],
    ],
    surfaces: [{ value: 20, color: TISSUE, opacity: 1 }],
  },
  {
    id: 'skin',
    blend: 'composite',
    shade: true,
    colors: [
      [-500, 0.82, 0.6, 0.48],
      [-200, 0.86, 0.64, 0.52],
      [300, 0.95, 0.88, 0.78],
    ],
    opacities: [
      [-450, 0],
      [-250, 0.6],
      [300, 0.95],
    ],
    surfaces: [{ value: -300, color: SKIN, opacity: 1 }],
  },
  {
    id: 'lung',
    blend: 'composite',
    shade: true,
    colors: [
      [-1000, 0.3, 0.45, 0.6],
      [-850, 0.45, 0.62, 0.78],
      [-600, 0.75, 0.82, 0.88],
      [-300, 0.9, 0.75, 0.68],
    ],
    opacities: [
      [-1000, 0],
      [-930, 0],
      [-850, 0.06],
      [-650, 0.2],
      [-400, 0.02],
      [0, 0],
    ],
    surfaces: [{ value: -500, color: '#9fbbd1', opacity: 1 }],
  },
  {
    id: 'mip',
    blend: 'maximum',
    shade: false,
    colors: [
      [-100, 0, 0, 0],
      [450, 1, 1, 1],
    ],
    opacities: [
      [-100, 0],
      [450, 1],
    ],
    surfaces: [{ value: 300, color: IVORY, opacity: 1 }],
  },
];

/** In fractions of the window's span above its lower end. */
const OTHERS: readonly VolumePreset[] = [
  {
    id: 'mrSurface',
    blend: 'composite',
    shade: true,
    colors: [
      [0.1, 0.6, 0.45, 0.38],
      [0.5, 0.88, 0.72, 0.6],
      [1, 1, 0.95, 0.88],
    ],
    opacities: [
      [0.12, 0],
      [0.22, 0.5],
      [1, 0.95],
    ],
    surfaces: [{ value: 0.2, color: SKIN, opacity: 1 }],
  },
  {
    id: 'mr',
    blend: 'composite',
    shade: true,
    colors: [
      [0.3, 0.3, 0.35, 0.45],
      [0.6, 0.75, 0.72, 0.7],
      [1, 1, 0.97, 0.9],
    ],
    opacities: [
      [0.35, 0],
      [0.6, 0.08],
      [1, 0.6],
    ],
    surfaces: [{ value: 0.6, color: '#cfc4b8', opacity: 1 }],
  },
  {
    id: 'mip',
    blend: 'maximum',
    shade: false,
    colors: [
      [0.2, 0, 0, 0],
      [1, 1, 1, 1],
    ],
    opacities: [
      [0.2, 0],
      [1, 1],
    ],
    surfaces: [{ value: 0.7, color: '#cfc4b8', opacity: 1 }],
  },
];

/**
 * @param unit of the image: "HU" or another
 * @param window the image's own, for those without a fixed scale
 * @returns the presets for it, values in its unit; the first is what a case starts with
 */
export function volumePresets(unit: string, window: WindowLevel): readonly VolumePreset[] {
  if (unit === 'HU') return CT;
  const low = window.center - window.width / 2;
  const scaled = (fraction: number): number => low + fraction * window.width;
  return OTHERS.map((preset) => ({
    ...preset,
    colors: preset.colors.map(([value, ...rgb]) => [scaled(value), ...rgb] as const),
    opacities: preset.opacities.map(([value, opacity]) => [scaled(value), opacity] as const),
    surfaces: preset.surfaces.map((level) => ({ ...level, value: scaled(level.value) })),
  }));
}
