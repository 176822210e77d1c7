/** The program's version, as it stands in the files that it writes. */
import manifest from '../../package.json' with { type: 'json' };

export const SOFTWARE_VERSION: string = manifest.version;
