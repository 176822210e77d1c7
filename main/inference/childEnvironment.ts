/** What the inference process may know of its surroundings: drivers need a few variables, nobody needs a passphrase. */

/** @returns without Lantern's own variables (a passphrase may be among them) and without those that change how Node starts */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(LANTERN_|NODE_|VITEST|npm_)/i.test(name)));
}
