/** What a browser shows that comes without the cookie: an old address, or one copied into another browser. */
export function refusalPage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Lantern</title>
<style>body{background:#0d0f12;color:#d6dae0;font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:20vh auto;padding:0 1em}</style>
<h1>This address does not open Lantern any more</h1>
<p>The address that Lantern opens works once, in the window that it was opened in. Start Lantern again to get a new one.</p>
`;
}
