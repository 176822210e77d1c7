/** @returns the plain name of the raw file that a MetaImage header (.mhd) names, null for none; never a path elsewhere */
export function companionName(header: Uint8Array): string | null {
  const text = Buffer.from(header.subarray(0, 65_536)).toString('latin1');
  const name = /^ElementDataFile\s*=\s*(\S.*?)\s*$/m.exec(text)?.[1];
  if (!name || name.toUpperCase() === 'LOCAL' || /[/\\\0:]/.test(name) || name === '..') return null;
  return name;
}
