/** Counts off the window's thread which segments touch which. Next: core/segmentation/holesLeft.ts. */
import type { SegmentationContent } from '#core/segmentation/edit.ts';
import { type Contacts, contactsOf } from '#core/segmentation/holesLeft.ts';

addEventListener('message', ({ data }: MessageEvent<Pick<SegmentationContent, 'segments' | 'layers'>>) => {
  postMessage(contactsOf(data) satisfies Contacts);
});
