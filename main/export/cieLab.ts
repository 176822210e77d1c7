/** Display colours as DICOM writes them: CIELab under D50, each part scaled to 16 bits. @see DICOM PS3.3 C.10.7.1.1 */

/** sRGB to XYZ, adapted from D65 to D50 (Bradford). @see Lindbloom, RGB/XYZ matrices */
const TO_XYZ_D50 = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
] as const;
const WHITE_D50 = [0.96422, 1, 0.82521] as const;

/** @param color "#rrggbb" @returns L (0…100), a and b (-128…127) as 0…65535 each */
export function dicomCieLab(color: string): readonly [number, number, number] {
  const linear = [1, 3, 5].map((at) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const [fx, fy, fz] = TO_XYZ_D50.map((row, n) => {
    const t = row.reduce((sum, weight, c) => sum + weight * (linear[c] ?? 0), 0) / (WHITE_D50[n] ?? 1);
    return t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29;
  }) as [number, number, number];
  const scaled = (value: number, low: number, range: number) =>
    Math.round(Math.min(1, Math.max(0, (value - low) / range)) * 65_535);
  return [scaled(116 * fy - 16, 0, 100), scaled(500 * (fx - fy), -128, 255), scaled(200 * (fy - fz), -128, 255)];
}
