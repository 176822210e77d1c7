import { describe, expect, it } from 'vitest';
import { ageInYears, personName } from './personName.ts';

describe('personName', () => {
  it.each([
    ['Demonstration^Torso', 'Demonstration, Torso'],
    ['Adams^John Robert Quincy^^Rev.^B.A. M.Div.', 'Adams B.A. M.Div., Rev. John Robert Quincy'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou'],
    ['=山田^太郎', '山田, 太郎'],
    ['liver_01^patient', 'liver_01, patient'],
    ['^Given', 'Given'],
    ['plain', 'plain'],
    ['', ''],
  ])('reads "%s" as "%s"', (name, shown) => expect(personName(name)).toBe(shown));
});

describe('ageInYears', () => {
  it('counts a birthday only once it has come', () => {
    expect(ageInYears('1972-06-15', '2026-06-14')).toBe(53);
    expect(ageInYears('19720615', '2026-06-15')).toBe(54);
  });

  it('says nothing of dates that are missing, unreadable or impossible', () => {
    expect(ageInYears('', '2026-06-15')).toBeNull();
    expect(ageInYears('1972', '2026-06-15')).toBeNull();
    expect(ageInYears('2027-01-01', '2026-06-15')).toBeNull();
    expect(ageInYears('2009-05-27', '20090527')).toBeNull();
  });
});
