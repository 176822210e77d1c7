/** @param iso UTC, ISO 8601 @returns "2026-11-25 03:50" */
export function minutesUtc(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
