/**
 * Standard output belongs to the answer alone. Libraries print there too (codecs, networks), so once it is claimed everything
 * else goes to standard error.
 */
export interface StandardOutput {
  /** Resolves once the text has left the process. */
  write(text: string): Promise<void>;
}

export function claimStandardOutput(): StandardOutput {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        write(text, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
