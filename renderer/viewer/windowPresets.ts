/** The customary windows, in HU, and those that fit any image. Shift + digit picks one. Names: words/en/viewer.ts. */
import type { SeriesDetail } from '#contract/schemas/study.ts';
import { automaticWindow, leastWidth, type WindowLevel } from '#core/rendering/windowLevel.ts';
import type { Volume } from '#core/volume/volume.ts';

export type WindowPresetId =
  | 'proposed'
  | 'automatic'
  | 'fullRange'
  | 'softTissue'
  | 'lung'
  | 'bone'
  | 'brain'
  | 'liver'
  | 'mediastinum'
  | 'angiography';

export interface WindowPreset {
  readonly id: WindowPresetId;
  /** 1 … 9, pressed with Shift. */
  readonly digit: number;
  readonly window: WindowLevel;
}

const CT: ReadonlyArray<readonly [WindowPresetId, width: number, center: number]> = [
  ['softTissue', 400, 40],
  ['lung', 1500, -600],
  ['bone', 1800, 400],
  ['brain', 80, 40],
  ['liver', 150, 30],
  ['mediastinum', 350, 50],
  ['angiography', 600, 300],
];

/** @returns the presets that make sense for this image, in order of their digits */
export function windowPresets(detail: SeriesDetail, volume: Volume): WindowPreset[] {
  const { window, range, unit } = detail.volume;
  const full = {
    center: (range.min + range.max) / 2,
    width: Math.max(leastWidth(volume.scalars), range.max - range.min),
  };
  const general: Array<Omit<WindowPreset, 'digit'>> = [
    { id: 'proposed', window },
    { id: 'fullRange', window: full },
  ];
  const own: Array<Omit<WindowPreset, 'digit'>> =
    unit === 'HU'
      ? CT.map(([id, width, center]) => ({ id, window: { center, width } }))
      : [{ id: 'automatic', window: automaticWindow(volume.scalars) }];
  return [...own, ...general].map((preset, n) => ({ ...preset, digit: n + 1 }));
}
