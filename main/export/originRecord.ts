/** The models that had a part in a segment, as text that a program reads: all that is known of each, in JSON. */
import type { Provenance } from '#contract/schemas/provenance.ts';

/** What DICOM's LT holds; enough for hundreds of clicks, and a file's header stays a header. */
const MOST_CHARACTERS = 10_240;

/** @returns ASCII JSON in one line, points in LPS mm; where it grew too long, the latest traces go first, then the latest answers */
export function originRecord(origins: readonly Provenance[], mostCharacters = MOST_CHARACTERS): string {
  const count = origins.length;
  const written = (kept: number, traced: number): string => {
    const told = origins.slice(0, kept).map((origin, n) => (n < traced ? origin : { ...origin, trace: [] }));
    const lacks = {
      ...(traced < count && { tracesLeftOut: count - traced }),
      ...(kept < count && { leftOut: count - kept }),
    };
    return ascii(JSON.stringify({ origins: told, ...lacks }));
  };
  for (let traced = count; traced >= 0; traced--) {
    const text = written(count, traced);
    if (text.length <= mostCharacters) return text;
  }
  for (let kept = count - 1; kept > 0; kept--) {
    const text = written(kept, 0);
    if (text.length <= mostCharacters) return text;
  }
  return written(0, 0);
}

function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
