#!/usr/bin/env node
/** `npm run lantern -- COMMAND`: the host without a window. What it does goes through the same handler as the window's calls. */
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: the second start then spends no time on compiling.
enableCompileCache();
const { runCommandLine } = await import('./runCommandLine.ts');
await runCommandLine(process.argv.slice(2));
