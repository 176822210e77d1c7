/** Hands bytes to the browser as a download: how a result leaves the loopback shell. */
export function downloadBytes(bytes: Uint8Array<ArrayBuffer>, suggestedName: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = suggestedName;
  link.click();
  // The browser has taken its copy of the reference by the time the click returns to the event loop.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
