/** Class names and colours that lie beside a tfjs network: labels.json, colormap*.json, colorLUT.json, in whichever of them fits. */
import { z } from 'zod';

const colormap = z.object({
  R: z.array(z.number()),
  G: z.array(z.number()),
  B: z.array(z.number()),
  labels: z.array(z.string()).optional(),
});
const numbered = z.record(z.string().regex(/^\d+$/), z.string());

export interface NetworkLabel {
  readonly name: string;
  /** "#rrggbb"; null where no file says. */
  readonly color: string | null;
}

/**
 * @param files parsed JSON by file name
 * @param classes channels of the network's output; a file with another count is for another network
 * @returns one a class; null where no file names them
 */
export function networkLabels(files: ReadonlyMap<string, unknown>, classes: number): NetworkLabel[] | null {
  const documents = [...files].sort(([a], [b]) => a.localeCompare(b)).map(([, document]) => document);
  const maps = documents.flatMap((document) => {
    const parsed = colormap.safeParse(document);
    return parsed.success && parsed.data.R.length === classes ? [parsed.data] : [];
  });
  const lists = documents.flatMap((document) => {
    const parsed = numbered.safeParse(document);
    const values = parsed.success ? Array.from({ length: classes }, (_, n) => parsed.data[String(n)]) : [];
    return parsed.success && Object.keys(parsed.data).length === classes && values.every((v) => v !== undefined)
      ? [values as string[]]
      : [];
  });
  const isColor = (list: readonly string[]): boolean => list.every((text) => /^rgb\(/.test(text));
  const names = lists.find((list) => !isColor(list)) ?? maps.find((m) => m.labels?.length === classes)?.labels;
  if (!names) return null;
  const table = lists.find(isColor);
  const [map] = maps;
  return names.map((name, n) => ({ name, color: colorOf(map, n) ?? hexOf(table?.[n]?.match(/\d+/g)?.map(Number)) }));
}

function colorOf(map: z.infer<typeof colormap> | undefined, n: number): string | null {
  return map ? hexOf([map.R[n] ?? 0, map.G[n] ?? 0, map.B[n] ?? 0]) : null;
}

/** Black would not be seen on an image. */
function hexOf(rgb: readonly number[] | undefined): string | null {
  if (rgb?.length !== 3 || rgb.every((c) => c < 16)) return null;
  return `#${rgb
    .map((c) =>
      Math.min(255, Math.max(0, Math.round(c)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}
