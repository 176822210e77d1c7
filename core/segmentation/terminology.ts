/**
 * Coded types of segments: SNOMED CT, as DICOM uses it in Segmentation objects.
 * terminology.truth.test.ts compares every code with pydicom's copy of the tables of DICOM PS3.16; "Fat" alone is not in them and was
 * compared by hand with totalsegmentator_snomed_mapping.csv. Meanings are customary names, not always the preferred term.
 * @see DICOM PS3.16 CID 7150 (categories), CID 7151 ff. (types), CID 244 (laterality)
 */
import { CUSTOMARY_COLORS } from './palette.ts';
import type { CodedConcept, SegmentCodes } from './segment.ts';

function sct(value: string, meaning: string): CodedConcept {
  return { value, scheme: 'SCT', meaning };
}

export const ANATOMICAL_STRUCTURE = sct('123037004', 'Anatomical Structure');
export const TISSUE = sct('85756007', 'Tissue');
export const ALTERED_STRUCTURE = sct('49755003', 'Morphologically Altered Structure');
export const PHYSICAL_OBJECT = sct('260787004', 'Physical object');
export const LEFT = sct('7771000', 'Left');
export const RIGHT = sct('24028007', 'Right');

/** What a new segment is until a person says more. */
export const UNSPECIFIED_TISSUE: SegmentCodes = { category: TISSUE, type: sct('85756007', 'Tissue') };

export interface Term {
  /** Shown in the picker; unique. */
  readonly name: string;
  readonly codes: SegmentCodes;
  /** Customary colour, where there is one. */
  readonly color?: string;
}

function anatomy(value: string, meaning: string, color?: string): Term {
  return {
    name: meaning,
    codes: { category: ANATOMICAL_STRUCTURE, type: sct(value, meaning) },
    ...(color && { color }),
  };
}

function paired(value: string, meaning: string): Term[] {
  return [LEFT, RIGHT].map((modifier) => ({
    name: `${meaning}, ${modifier.meaning.toLowerCase()}`,
    codes: { category: ANATOMICAL_STRUCTURE, type: sct(value, meaning), modifier },
  }));
}

function altered(value: string, meaning: string, color?: string): Term {
  return { name: meaning, codes: { category: ALTERED_STRUCTURE, type: sct(value, meaning) }, ...(color && { color }) };
}

const { artery, bone, liver, lung, tumour, vein } = CUSTOMARY_COLORS;

export const TERMS: readonly Term[] = [
  { name: 'Tissue', codes: UNSPECIFIED_TISSUE },
  anatomy('272673000', 'Bone', bone),
  anatomy('89546000', 'Skull', bone),
  anatomy('91609006', 'Mandible', bone),
  anatomy('54735007', 'Sacrum', bone),
  anatomy('56873002', 'Sternum', bone),
  anatomy('113197003', 'Rib', bone),
  ...paired('51299004', 'Clavicle'),
  ...paired('79601000', 'Scapula'),
  ...paired('85050009', 'Humerus'),
  ...paired('71341001', 'Femur'),
  anatomy('12738006', 'Brain'),
  anatomy('2748008', 'Spinal cord'),
  anatomy('69748006', 'Thyroid gland'),
  anatomy('44567001', 'Trachea'),
  ...paired('39607008', 'Lung').map((term) => ({ ...term, color: lung })),
  anatomy('80891009', 'Heart', artery),
  anatomy('15825003', 'Aorta', artery),
  anatomy('51114001', 'Artery', artery),
  anatomy('29092000', 'Vein', vein),
  anatomy('32764006', 'Portal vein', vein),
  anatomy('8993003', 'Hepatic vein', vein),
  anatomy('64131007', 'Inferior vena cava', vein),
  anatomy('48345005', 'Superior vena cava', vein),
  anatomy('32849002', 'Esophagus'),
  anatomy('69695003', 'Stomach'),
  anatomy('38848004', 'Duodenum'),
  anatomy('30315005', 'Small Intestine'),
  anatomy('71854001', 'Colon'),
  anatomy('34402009', 'Rectum'),
  anatomy('10200004', 'Liver', liver),
  anatomy('28231008', 'Gallbladder'),
  anatomy('15776009', 'Pancreas'),
  anatomy('78961009', 'Spleen'),
  ...paired('64033007', 'Kidney'),
  ...paired('23451007', 'Adrenal gland'),
  anatomy('89837001', 'Urinary bladder'),
  anatomy('41216001', 'Prostate'),
  anatomy('35039007', 'Uterus'),
  anatomy('59441001', 'Lymph node'),
  anatomy('127954009', 'Skeletal muscle'),
  { name: 'Fat', codes: { category: TISSUE, type: sct('55603005', 'Fat') } },
  altered('108369006', 'Neoplasm', tumour),
  altered('4147007', 'Mass', tumour),
  altered('52988006', 'Lesion', tumour),
  altered('367643001', 'Cyst'),
  altered('50960005', 'Hemorrhage'),
  altered('79654002', 'Edema'),
  altered('6574001', 'Necrosis'),
  { name: 'Implant', codes: { category: PHYSICAL_OBJECT, type: sct('40388003', 'Implant') } },
];

export const BONE: SegmentCodes = { category: ANATOMICAL_STRUCTURE, type: sct('272673000', 'Bone') };
