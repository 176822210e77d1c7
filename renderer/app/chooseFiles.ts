/** The browser's own file dialog, for the shell that has no native one. */

/** @returns the chosen files, empty when the dialog was dismissed; a folder's files carry webkitRelativePath */
export function chooseFiles(kind: 'folder' | 'files' | 'zip'): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = kind !== 'zip';
    if (kind === 'zip') input.accept = '.zip';
    input.webkitdirectory = kind === 'folder';
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true });
    input.addEventListener('cancel', () => resolve([]), { once: true });
    input.click();
  });
}
