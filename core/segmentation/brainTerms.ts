/**
 * Codes for the names that FreeSurfer's atlases give to parts of the brain ("Left-Thalamus-Proper*", "ctx-rh-insula"): those of DICOM
 * PS3.16 CID 7140, checked by terminology.truth.test.ts. A part of the cortex without a concept of its own in the standard is coded as
 * the cerebral cortex that it is a part of; what is not known is not guessed (→ null).
 */
import type { CodedConcept, SegmentCodes } from './segment.ts';
import { ANATOMICAL_STRUCTURE, LEFT, RIGHT } from './terminology.ts';

export interface BrainTerm {
  /** In words, with the side. */
  readonly name: string;
  readonly codes: SegmentCodes;
  /** The code names the whole that this is a part of. */
  readonly isPartOfCode: boolean;
}

function sct(value: string, meaning: string): CodedConcept {
  return { value, scheme: 'SCT', meaning };
}

const CEREBRAL_CORTEX = sct('40146001', 'Cerebral cortex');
const CORPUS_CALLOSUM = sct('88442005', 'Corpus callosum');
const BODY_SUBSTANCE = sct('91720002', 'Body Substance');

/** By FreeSurfer's name without side, in small letters. */
const CONCEPTS: Readonly<Record<string, CodedConcept>> = {
  brain: sct('12738006', 'Brain'),
  'brain mask': sct('12738006', 'Brain'),
  'white matter': sct('389080008', 'White matter'),
  'grey matter': sct('389081007', 'Gray matter'),
  'gray matter': sct('389081007', 'Gray matter'),
  'cerebral-white-matter': sct('68523003', 'Cerebral White Matter'),
  'cerebral-cortex': CEREBRAL_CORTEX,
  'lateral-ventricle': sct('66720007', 'Lateral ventricle'),
  'inf-lat-vent': sct('53118009', 'Inferior Horn of Lateral Ventricle'),
  'inferior-lateral-ventricle': sct('53118009', 'Inferior Horn of Lateral Ventricle'),
  '3rd-ventricle': sct('49841001', 'Third ventricle'),
  '4th-ventricle': sct('35918002', 'Fourth ventricle'),
  ventricle: sct('35764002', 'Brain ventricle'),
  csf: sct('65216001', 'Cerebrospinal Fluid'),
  cerebellum: sct('113305005', 'Cerebellum'),
  'cerebellum-cortex': sct('25991003', 'Cerebellar Cortex'),
  'cerebellum-white-matter': sct('33060004', 'Cerebellar white matter'),
  thalamus: sct('42695009', 'Thalamus'),
  'thalamus-proper': sct('42695009', 'Thalamus'),
  caudate: sct('11000004', 'Caudate nucleus'),
  putamen: sct('89278009', 'Putamen'),
  pallidum: sct('14738005', 'Globus pallidus'),
  'brain-stem': sct('119238007', 'Brain stem'),
  hippocampus: sct('5366008', 'Hippocampus'),
  amygdala: sct('4958002', 'Amygdala'),
  'accumbens-area': sct('427667007', 'Nucleus accumbens'),
  ventraldc: { value: '110700', scheme: 'DCM', meaning: 'Ventral Diencephalon' },
  'ctx-entorhinal': sct('3937002', 'Entorhinal Cortex'),
  'ctx-insula': sct('36169008', 'Insula'),
};

/** Names in words, where FreeSurfer's run together. */
const WORDS: Readonly<Record<string, string>> = {
  csf: 'Cerebrospinal fluid',
  ventraldc: 'Ventral diencephalon',
  'thalamus-proper': 'Thalamus',
  'accumbens-area': 'Nucleus accumbens',
  'brain-stem': 'Brain stem',
  'inf-lat-vent': 'Inferior lateral ventricle',
  '3rd-ventricle': 'Third ventricle',
  '4th-ventricle': 'Fourth ventricle',
  cc_anterior: 'Corpus callosum, anterior',
  cc_mid_anterior: 'Corpus callosum, mid-anterior',
  cc_central: 'Corpus callosum, central',
  cc_mid_posterior: 'Corpus callosum, mid-posterior',
  cc_posterior: 'Corpus callosum, posterior',
  'ctx-bankssts': 'Banks of the superior temporal sulcus',
  'ctx-caudalanteriorcingulate': 'Caudal anterior cingulate cortex',
  'ctx-caudalmiddlefrontal': 'Caudal middle frontal cortex',
  'ctx-cuneus': 'Cuneus cortex',
  'ctx-entorhinal': 'Entorhinal cortex',
  'ctx-frontalpole': 'Frontal pole cortex',
  'ctx-fusiform': 'Fusiform cortex',
  'ctx-inferiorparietal': 'Inferior parietal cortex',
  'ctx-inferiortemporal': 'Inferior temporal cortex',
  'ctx-insula': 'Insula',
  'ctx-isthmuscingulate': 'Isthmus cingulate cortex',
  'ctx-lateraloccipital': 'Lateral occipital cortex',
  'ctx-lateralorbitofrontal': 'Lateral orbitofrontal cortex',
  'ctx-lingual': 'Lingual cortex',
  'ctx-medialorbitofrontal': 'Medial orbitofrontal cortex',
  'ctx-middletemporal': 'Middle temporal cortex',
  'ctx-paracentral': 'Paracentral cortex',
  'ctx-parahippocampal': 'Parahippocampal cortex',
  'ctx-parsopercularis': 'Pars opercularis',
  'ctx-parsorbitalis': 'Pars orbitalis',
  'ctx-parstriangularis': 'Pars triangularis',
  'ctx-pericalcarine': 'Pericalcarine cortex',
  'ctx-postcentral': 'Postcentral cortex',
  'ctx-posteriorcingulate': 'Posterior cingulate cortex',
  'ctx-precentral': 'Precentral cortex',
  'ctx-precuneus': 'Precuneus cortex',
  'ctx-rostralanteriorcingulate': 'Rostral anterior cingulate cortex',
  'ctx-rostralmiddlefrontal': 'Rostral middle frontal cortex',
  'ctx-superiorfrontal': 'Superior frontal cortex',
  'ctx-superiorparietal': 'Superior parietal cortex',
  'ctx-superiortemporal': 'Superior temporal cortex',
  'ctx-supramarginal': 'Supramarginal cortex',
  'ctx-temporalpole': 'Temporal pole cortex',
  'ctx-transversetemporal': 'Transverse temporal cortex',
};

/** @param name as FreeSurfer writes it; several joined by " / " where an atlas merged them */
export function brainTerm(name: string): BrainTerm | null {
  const merged = name.split(' / ').map((part) => part.trim());
  if (merged.length > 1) return mergedTerm(merged);
  const { key, side } = sideOf(name);
  const known = CONCEPTS[key];
  const whole = key.startsWith('cc_') ? CORPUS_CALLOSUM : key.startsWith('ctx-') && WORDS[key] ? CEREBRAL_CORTEX : null;
  const type = known ?? whole;
  if (!type) return null;
  const category = type.meaning === 'Cerebrospinal Fluid' ? BODY_SUBSTANCE : ANATOMICAL_STRUCTURE;
  const modifier = side === 'left' ? LEFT : side === 'right' ? RIGHT : undefined;
  const words = WORDS[key] ?? capitalised(key.replaceAll('-', ' '));
  return {
    name: side ? `${words}, ${side}` : words,
    codes: { category, type, ...(modifier && { modifier }) },
    isPartOfCode: !known,
  };
}

/** All parts of one thing are that thing; anything else merged has no name here. */
function mergedTerm(names: readonly string[]): BrainTerm | null {
  const isCallosum = names.every((name) => sideOf(name).key.startsWith('cc_'));
  if (!isCallosum) return null;
  return {
    name: 'Corpus callosum',
    codes: { category: ANATOMICAL_STRUCTURE, type: CORPUS_CALLOSUM },
    isPartOfCode: false,
  };
}

function sideOf(name: string): { key: string; side: 'left' | 'right' | null } {
  const plain = name.trim().toLowerCase().replace(/\*$/, '');
  const cortex = /^ctx-([lr])h-(.+)$/.exec(plain);
  if (cortex) return { key: `ctx-${cortex[2]}`, side: cortex[1] === 'l' ? 'left' : 'right' };
  const sided = /^(left|right)-(.+)$/.exec(plain);
  if (sided) return { key: sided[2] ?? '', side: sided[1] as 'left' | 'right' };
  return { key: plain, side: null };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Every code of this file, for the test against the standard. */
export const BRAIN_CONCEPTS: readonly CodedConcept[] = [
  ...Object.values(CONCEPTS),
  CEREBRAL_CORTEX,
  CORPUS_CALLOSUM,
  BODY_SUBSTANCE,
];
