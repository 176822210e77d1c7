import { describe, expect, it } from 'vitest';
import { patientInWords } from './patientInWords.ts';

describe('patientInWords', () => {
  it('names the patient, the ID and the person', () => {
    const study = {
      patientName: 'Demonstration^Torso',
      patientId: 'LT-0001',
      patientSex: 'F',
      patientBirthDate: '1972-05-02',
      studyDate: '2026-05-01',
    };
    expect(patientInWords(study)).toEqual({ name: 'Demonstration, Torso', id: 'ID LT-0001', person: 'F 53 y' });
  });

  it('writes the code for another sex out, and leaves out an age that is not known', () => {
    const study = { patientName: '', patientId: '', patientSex: 'O', patientBirthDate: '', studyDate: '2026-05-01' };
    expect(patientInWords(study).person).toBe('other sex');
  });

  it('says so when the files have no name and no ID', () => {
    const nobody = { patientName: '', patientId: '', patientSex: '', patientBirthDate: '', studyDate: '' };
    expect(patientInWords(nobody)).toEqual({ name: 'No name in the files', id: 'no ID in the files', person: '' });
  });
});
