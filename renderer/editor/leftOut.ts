/** What a person does not tick of a proposal, by the proposal: it may go, rejected, and come back. */
import type { EditorState } from './segmentationStore.ts';

const NOTHING: ReadonlySet<number> = new Set();

/** @returns numbers of the segments that are left out of the proposal that is shown; the same set until they change */
export function leftOutOfProposal({
  proposal,
  leftOut,
}: Pick<EditorState, 'proposal' | 'leftOut'>): ReadonlySet<number> {
  return (proposal && leftOut.get(proposal.id)) ?? NOTHING;
}
