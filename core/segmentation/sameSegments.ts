/** Whether two lists name the same segments with the same properties, whatever the order of the objects' keys. */
import type { CodedConcept, Segment } from './segment.ts';

export function sameSegments(a: readonly Segment[], b: readonly Segment[]): boolean {
  return a.length === b.length && a.every((segment, at) => sameSegment(segment, b[at]));
}

function sameSegment(a: Segment, b: Segment | undefined): boolean {
  return (
    b !== undefined &&
    a.number === b.number &&
    a.name === b.name &&
    a.layer === b.layer &&
    a.color === b.color &&
    a.opacity === b.opacity &&
    a.display === b.display &&
    a.visible === b.visible &&
    a.locked === b.locked &&
    a.origin === b.origin &&
    sameConcept(a.codes.category, b.codes.category) &&
    sameConcept(a.codes.type, b.codes.type) &&
    sameConcept(a.codes.modifier, b.codes.modifier)
  );
}

function sameConcept(a: CodedConcept | undefined, b: CodedConcept | undefined): boolean {
  return a?.value === b?.value && a?.scheme === b?.scheme && a?.meaning === b?.meaning;
}
