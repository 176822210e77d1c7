import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uploadPath } from './uploadPath.ts';

describe('uploadPath', () => {
  it('keeps folders and names of an ordinary path', () => {
    expect(uploadPath('CD/DICOM/IM 0001')).toEqual(['CD', 'DICOM', 'IM 0001']);
    expect(uploadPath('Bilder\\Schädel.dcm')).toEqual(['Bilder', 'Schädel.dcm']);
  });

  it.each([
    '',
    '.',
    '..',
    '/etc/passwd',
    '../x',
    'a/../../x',
    'a/./b',
    'a//b',
    'a/',
    '\\\\server\\share',
    'C:\\Windows\\x',
    'c:x',
    '.. /x',
    'a/... /x',
    'a\0b',
    'a/'.repeat(40).concat('x'),
    'x'.repeat(2000),
  ])('refuses %j', (path) => {
    expect(() => uploadPath(path)).toThrow(expect.objectContaining({ code: 'import/bad-path' }));
  });

  it('never leads out of the folder that it is joined to, whatever the page sends', () => {
    const root = resolve('/staging/upload');
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', '/', '\\', 'a', ' ', ':', 'C:', '\0', '~', '%2e')), (parts) => {
        let steps: string[];
        try {
          steps = uploadPath(parts.join(''));
        } catch {
          return;
        }
        expect(join(root, ...steps).startsWith(root + sep)).toBe(true);
      }),
    );
  });
});
