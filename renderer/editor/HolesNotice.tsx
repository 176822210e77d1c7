/** Says, before a proposal is accepted in part, which of its segments would have a hole where another one is left out. */
import type { VolumeGeometry } from '#core/geometry/volumeGeometry.ts';
import type { SegmentationContent } from '#core/segmentation/edit.ts';
import { holesLeft } from '#core/segmentation/holesLeft.ts';
import { volumeInWords } from '../ui/volumeInWords.ts';
import { words } from '../words/index.ts';
import classes from './editor.module.css';
import { useContacts } from './useContacts.ts';

export interface HolesNoticeProps {
  readonly content: SegmentationContent;
  readonly rejected: ReadonlySet<number>;
  readonly geometry: VolumeGeometry;
}

export function HolesNotice({ content, rejected, geometry }: HolesNoticeProps) {
  const contacts = useContacts(content, rejected.size > 0);
  const holes = contacts ? holesLeft(contacts, content.voxels, rejected) : [];
  if (holes.length === 0) return null;
  const nameOf = (number: number): string => content.segments.find((s) => s.number === number)?.name ?? '';
  const told = holes.map(({ leftOut, within, voxels }) => ({
    leftOut: nameOf(leftOut),
    within: nameOf(within),
    volume: volumeInWords(geometry, voxels),
  }));
  return (
    <p className={classes['quiet']} role="status">
      {words.editor.proposal.holes(told)}
    </p>
  );
}
