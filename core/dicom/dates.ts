/** DICOM dates and times as people and ISO 8601 write them. @see DICOM PS3.5 section 6.2 */

/** @returns YYYY-MM-DD, or '' when the value is no date */
export function isoDate(da: string): string {
  const match = /^(\d{4})[.-]?(\d{2})[.-]?(\d{2})$/.exec(da.trim());
  if (!match) return '';
  const [, year, month, day] = match;
  const [m, d] = [Number(month), Number(day)];
  return m >= 1 && m <= 12 && d >= 1 && d <= 31 ? `${year}-${month}-${day}` : '';
}

/** @returns HH:MM:SS, or '' */
export function isoTime(tm: string): string {
  const match = /^(\d{2}):?(\d{2})?:?(\d{2})?/.exec(tm.trim());
  return match ? `${match[1]}:${match[2] ?? '00'}:${match[3] ?? '00'}` : '';
}
