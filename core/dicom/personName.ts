/** Person names as they are read aloud. @see DICOM PS3.5 section 6.2.1 */

/**
 * @param pn "Family^Given^Middle^Prefix^Suffix", up to three groups separated by "="
 * @returns "Family, Given Middle", the ideographic group after it in brackets
 */
export function displayName(pn: string): string {
  const groups = pn.split('=').map(displayGroup);
  const [alphabetic = '', ideographic = '', phonetic = ''] = groups;
  const main = alphabetic || ideographic || phonetic;
  return alphabetic && ideographic ? `${main} (${ideographic})` : main;
}

function displayGroup(group: string): string {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = group.split('^').map((part) => part.trim());
  const rest = [prefix, given, middle, suffix].filter((part) => part !== '').join(' ');
  return family !== '' && rest !== '' ? `${family}, ${rest}` : family || rest;
}
