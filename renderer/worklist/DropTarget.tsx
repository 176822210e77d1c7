/** The whole window takes files and folders while the worklist is shown; the library walks dropped folders. */
import { Dropzone } from '@mantine/dropzone';
import { IconFolderDown } from '@tabler/icons-react';
import { platform } from '../app/platform.ts';
import { words } from '../words/index.ts';
import { filesToUpload } from './filesToUpload.ts';
import { importDropped } from './importing.ts';
import classes from './worklist.module.css';

export function DropTarget() {
  return (
    <Dropzone.FullScreen
      active
      withinPortal={false}
      // It has no place of its own to be focused: the import buttons do the same by keyboard.
      activateOnKeyboard={false}
      tabIndex={-1}
      onDrop={(files) => void importDropped(filesToUpload(files))}
      // In Electron a dropped folder has a path, and the host reads it: its files need not pass through the page.
      {...(platform.shell === 'electron' ? { getFilesFromEvent: droppedItems } : {})}
    >
      <div className={classes['dropOverlay']}>
        <IconFolderDown size={40} stroke={1.6} aria-hidden />
        {words.worklist.drop.release}
      </div>
    </Dropzone.FullScreen>
  );
}

async function droppedItems(event: unknown): Promise<File[]> {
  const { dataTransfer } = event as { dataTransfer?: DataTransfer | null };
  return [...(dataTransfer?.files ?? [])];
}
