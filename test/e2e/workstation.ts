/** How a person comes to an open case and reads it: unlock, open, status line, slices, segments with their volumes. */
import { expect } from 'vitest';
import { look } from './look.ts';
import { PHANTOM_NAME } from './phantom.ts';
import { PASSPHRASE, type Session, until, type ViewName } from './session.ts';

export async function unlock({ page }: Session): Promise<void> {
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('grid', { name: 'Studies' }).or(page.getByText('There are no studies')).first().waitFor();
}

/** Opens the phantom from the worklist and waits until all of the image has arrived. */
export async function openPhantom(session: Session): Promise<void> {
  const { page } = session;
  await page.getByRole('row', { name: PHANTOM_NAME }).first().dblclick();
  await imageHasArrived(session);
}

export async function imageHasArrived(session: Session): Promise<void> {
  const { page } = session;
  await until('the axial view shows a slice', async () => (await look(session.view('Axial'))).deviation > 15);
  await until(
    'all of the image has arrived',
    async () => (await page.getByRole('progressbar', { name: /^Loading/ }).count()) === 0,
  );
}

export async function unlockAndOpenPhantom(session: Session): Promise<void> {
  await unlock(session);
  await openPhantom(session);
}

export async function chooseMode({ page }: Session, name: 'View' | 'Segment' | 'Plan' | 'Report'): Promise<void> {
  await page.getByRole('tab', { name, exact: true }).click();
}

/** In Report mode no way out is open; then back to Segment. */
export async function expectNothingToExport(session: Session): Promise<void> {
  const { page } = session;
  await chooseMode(session, 'Report');
  await page.getByText('Proposals are not listed and cannot be exported until someone accepts them.').waitFor();
  for (const format of ['DICOM SEG', 'NIfTI', 'NRRD', 'STL', 'PDF report'])
    expect(await page.getByRole('button', { name: new RegExp(`^${format}`) }).isEnabled(), format).toBe(false);
  await chooseMode(session, 'Segment');
}

export async function chooseTool({ page }: Session, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Tools' }).getByRole('button', { name, exact: true }).click();
}

export async function statusText({ page }: Session): Promise<string> {
  return (await page.getByRole('status').allInnerTexts()).join(' ').replace(/\s+/g, ' ');
}

/** @returns the slice's number, counted from 1, and how many there are */
export async function shownSlice(
  session: Session,
  view: Exclude<ViewName, '3D'>,
): Promise<{ readonly slice: number; readonly count: number }> {
  const text = await session.view(view).innerText();
  const [, slice, count] = /(\d+) \/ (\d+)/.exec(text) ?? [];
  return { slice: Number(slice), count: Number(count) };
}

/** @returns the volumes of the list by name, as written: "12.4 ml" */
export async function segmentVolumes(
  { page }: Session,
  list: string | RegExp = 'Segments',
): Promise<Map<string, string>> {
  const rows = await page.getByRole('list', { name: list, exact: true }).getByRole('listitem').allInnerTexts();
  return new Map(
    rows.map((row) => {
      const words = row.replace(/\s+/g, ' ').trim();
      const [, name = words, volume = ''] = /^(.*?)(?: AI)? ([\d.,]+ ml)/.exec(words) ?? [];
      return [name, volume];
    }),
  );
}

export function millilitres(words: string | undefined): number {
  return Number(words?.replace(/[,\sml]/g, ''));
}

/** Waits until a segment has a volume that is not nought. @returns it, as written */
export async function paintedVolume(session: Session, name: string): Promise<string> {
  return until(`${name} has a volume`, async () => {
    const volume = (await segmentVolumes(session)).get(name);
    return volume && millilitres(volume) > 0 ? volume : '';
  });
}

export async function volumeBecomes(session: Session, name: string, volume: string): Promise<void> {
  await until(`${name} has ${volume}`, async () => (await segmentVolumes(session)).get(name) === volume);
}

export async function isSaved(session: Session): Promise<void> {
  await until('saved', async () => / saved/.test(await statusText(session)));
}

/** What must hold at the end of every flow. */
export function expectQuiet({ errors, remote }: Session): void {
  expect(remote, 'requests that left this machine').toEqual([]);
  expect(errors, 'errors in the console').toEqual([]);
}
