/** Which segments of a proposal touch which, counted by contacts.worker.ts when it is first wanted. */
import { useEffect, useState } from 'react';
import type { SegmentationContent } from '#core/segmentation/edit.ts';
import type { Contacts } from '#core/segmentation/holesLeft.ts';

/** @returns null while it is not known */
export function useContacts(content: SegmentationContent, isWanted: boolean): Contacts | null {
  const [known, setKnown] = useState<{ readonly of: SegmentationContent; readonly contacts: Contacts } | null>(null);
  const contacts = known?.of === content ? known.contacts : null;
  const isMissing = isWanted && contacts === null;
  useEffect(() => {
    if (!isMissing) return;
    const worker = new Worker(new URL('./contacts.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Contacts>) => setKnown({ of: content, contacts: data }));
    worker.postMessage({ segments: content.segments, layers: content.layers });
    return () => worker.terminate();
  }, [content, isMissing]);
  return contacts;
}
