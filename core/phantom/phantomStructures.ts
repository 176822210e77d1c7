/** The structures that the phantom's truth knows: label, name, SNOMED CT code, colour. */
import type { CodedConcept, SegmentCodes } from '../segmentation/segment.ts';

export interface PhantomStructure {
  readonly number: number;
  readonly name: string;
  readonly color: string;
  readonly codes: SegmentCodes;
}

const sct = (value: string, meaning: string): CodedConcept => ({ value, scheme: 'SCT', meaning });
/** @see DICOM PS3.16 CID 7150 */
const ANATOMY = sct('123037004', 'Anatomical Structure');
const ABNORMAL = sct('49755003', 'Morphologically Altered Structure');
const RIGHT = sct('24028007', 'Right');
const LEFT = sct('7771000', 'Left');

const is = (type: CodedConcept, modifier?: CodedConcept): SegmentCodes =>
  modifier ? { category: ANATOMY, type, modifier } : { category: ANATOMY, type };

/** Labels in the truth, by name. */
export const PHANTOM_LABEL = {
  rightLung: 1,
  leftLung: 2,
  heart: 3,
  liver: 4,
  lesion: 5,
  gallbladder: 6,
  spleen: 7,
  stomach: 8,
  pancreas: 9,
  rightKidney: 10,
  leftKidney: 11,
  aorta: 12,
  venaCava: 13,
  spine: 14,
  ribs: 15,
  hips: 16,
} as const;

const L = PHANTOM_LABEL;

/** @see DICOM PS3.16 CID 7166, Annex L (SNOMED CT concepts of the same names) */
export const PHANTOM_STRUCTURES: readonly PhantomStructure[] = [
  { number: L.rightLung, name: 'Right lung', color: '#c5a5cf', codes: is(sct('39607008', 'Lung'), RIGHT) },
  { number: L.leftLung, name: 'Left lung', color: '#ac8fd0', codes: is(sct('39607008', 'Lung'), LEFT) },
  { number: L.heart, name: 'Heart', color: '#c8685c', codes: is(sct('80891009', 'Heart')) },
  { number: L.liver, name: 'Liver', color: '#b5654a', codes: is(sct('10200004', 'Liver')) },
  {
    number: L.lesion,
    name: 'Liver lesion',
    color: '#f2c14e',
    codes: { category: ABNORMAL, type: sct('52988006', 'Lesion') },
  },
  { number: L.gallbladder, name: 'Gallbladder', color: '#8bb96e', codes: is(sct('28231008', 'Gallbladder')) },
  { number: L.spleen, name: 'Spleen', color: '#9d6fb0', codes: is(sct('78961009', 'Spleen')) },
  { number: L.stomach, name: 'Stomach', color: '#d8a47f', codes: is(sct('69695003', 'Stomach')) },
  { number: L.pancreas, name: 'Pancreas', color: '#e3bd6a', codes: is(sct('15776009', 'Pancreas')) },
  { number: L.rightKidney, name: 'Right kidney', color: '#d9825f', codes: is(sct('64033007', 'Kidney'), RIGHT) },
  { number: L.leftKidney, name: 'Left kidney', color: '#e09a6a', codes: is(sct('64033007', 'Kidney'), LEFT) },
  { number: L.aorta, name: 'Aorta', color: '#e0584f', codes: is(sct('15825003', 'Aorta')) },
  {
    number: L.venaCava,
    name: 'Inferior vena cava',
    color: '#5b8fd6',
    codes: is(sct('64131007', 'Inferior vena cava')),
  },
  { number: L.spine, name: 'Spine', color: '#e8ddc3', codes: is(sct('421060004', 'Spine')) },
  { number: L.ribs, name: 'Ribs', color: '#d9cfa8', codes: is(sct('113197003', 'Rib')) },
  { number: L.hips, name: 'Hip bones', color: '#cfc39a', codes: is(sct('22356005', 'Ilium')) },
];
