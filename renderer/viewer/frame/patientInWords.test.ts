import { describe, expect, it } from 'vitest';
import { ageAt, nameInWords, patientInWords } from './patientInWords.ts';

describe('patientInWords', () => {
  it('writes a person name as family, given', () => {
    expect(nameInWords('Demonstration^Torso')).toBe('Demonstration, Torso');
    expect(nameInWords('Adams^John Robert Quincy^^Rev.^B.A.')).toBe('Adams, Rev. John Robert Quincy B.A.');
    expect(nameInWords('Yamada^Tarou=山田^太郎')).toBe('Yamada, Tarou');
    expect(nameInWords('liver_01')).toBe('liver_01');
  });

  it('counts whole years up to the study', () => {
    expect(ageAt('1972-05-02', '2026-05-01')).toBe(53);
    expect(ageAt('1972-05-02', '2026-05-02')).toBe(54);
    expect(ageAt('', '2026-05-02')).toBeNull();
    expect(ageAt('2030-01-01', '2026-05-02')).toBeNull();
  });

  it('says so when the files have no name and no ID', () => {
    const nobody = { patientName: '', patientId: '', patientSex: '', patientBirthDate: '', studyDate: '' };
    expect(patientInWords(nobody)).toEqual({
      name: 'No name in the files',
      id: 'no ID in the files',
      person: '',
    });
  });
});
