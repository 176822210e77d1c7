/** A DICOM person name (VR PN) as a person reads it. DICOM PS3.5 section 6.2.1: components by ^, spellings by =. */

/** @param name "Family^Given^Middle^Prefix^Suffix", of which the alphabetic spelling is shown, or the first there is */
export function personName(name: string): string {
  const spelling = name.split('=').find((group) => group.replaceAll('^', '').trim() !== '') ?? '';
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = spelling
    .split('^')
    .map((part) => part.trim());
  const first = [prefix, given, middle].filter(Boolean).join(' ');
  const last = [family, suffix].filter(Boolean).join(' ');
  return [last, first].filter(Boolean).join(', ');
}

/**
 * Dates: YYYY-MM-DD or YYYYMMDD. A birth date that is the study's own is what software fills in for an unknown one.
 * @returns whole years at `on`; null where either date is missing, cannot be read or tells nothing
 */
export function ageInYears(birthDate: string, on: string): number | null {
  const [born, then] = [dateParts(birthDate), dateParts(on)];
  if (!born || !then || (born.year === then.year && born.month === then.month && born.day === then.day)) return null;
  const hadBirthday = then.month > born.month || (then.month === born.month && then.day >= born.day);
  const years = then.year - born.year - (hadBirthday ? 0 : 1);
  return years >= 0 && years < 130 ? years : null;
}

function dateParts(date: string): { year: number; month: number; day: number } | null {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(date);
  if (!match) return null;
  const [, year, month, day] = match.map(Number);
  return { year: year ?? 0, month: month ?? 0, day: day ?? 0 };
}
