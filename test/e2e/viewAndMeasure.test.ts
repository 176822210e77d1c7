import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Vector3, worldPoint } from '#core/geometry/points.ts';
import { worldToIndex } from '#core/geometry/volumeGeometry.ts';
import { aimIn, drag } from './aim.ts';
import { apart, look } from './look.ts';
import { copyPhantomVault, deepInside, PHANTOM, phantomTruth } from './phantom.ts';
import { type Session, startSession, until, type ViewName } from './session.ts';
import { chooseTool, expectQuiet, openPhantom, shownSlice, statusText, unlockAndOpenPhantom } from './workstation.ts';

const MIDDLE = PHANTOM.size[2] / 2;
let session: Session;

beforeAll(async () => {
  session = await startSession({ prepare: copyPhantomVault });
  await unlockAndOpenPhantom(session);
});
afterAll(() => session.end());

async function wheelIn(view: ViewName, notches: number): Promise<void> {
  const { page } = session;
  const box = await session.view(view).boundingBox();
  if (!box) throw new Error(`no ${view} view`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let n = 0; n < Math.abs(notches); n++) await page.mouse.wheel(0, 120 * Math.sign(notches));
}

/** Brings an axial slice on screen, by the wheel. @param k voxel index */
async function goToAxial(k: number): Promise<void> {
  await until(`axial slice ${k + 1}`, async () => {
    const { slice } = await shownSlice(session, 'Axial');
    if (slice === k + 1) return true;
    // The wheel goes towards the feet: to smaller indices in the phantom.
    await wheelIn('Axial', slice - (k + 1));
    return false;
  });
}

const measurements = () => session.page.getByRole('list', { name: 'Measurements' }).getByRole('listitem');

async function figureOf(name: string): Promise<string> {
  const row = measurements().filter({ has: session.page.getByRole('textbox', { name: `Name of ${name}` }) });
  await row.waitFor();
  return (await row.innerText()).trim().replaceAll('−', '-');
}

test('the wheel goes through the slices, and the status line tells value and place', async () => {
  const before = await shownSlice(session, 'Axial');
  const picture = await look(session.view('Axial'));
  expect(before.count).toBe(PHANTOM.size[2]);
  await wheelIn('Axial', 5);
  await until('five slices on', async () => Math.abs((await shownSlice(session, 'Axial')).slice - before.slice) === 5);
  await until('another picture', async () => apart(picture, await look(session.view('Axial'))) > 0.5);
  const status = await statusText(session);
  expect(status).toMatch(/−?\d+ HU/);
  expect(status).toMatch(/[LR] [\d.]+ [PA] [\d.]+ [SI] [\d.]+ mm/);
  await wheelIn('Axial', -5);
  await until('back again', async () => (await shownSlice(session, 'Axial')).slice === before.slice);
});

test('a click with the crosshair moves the other views there', async () => {
  const { pointLps } = deepInside('Spleen', MIDDLE + 2);
  await goToAxial(MIDDLE + 2);
  await chooseTool(session, 'Crosshair');
  const { x, y } = (await aimIn(session, 'Axial')).at(pointLps);
  await session.page.mouse.click(x, y);
  const [i, j] = worldToIndex(phantomTruth().volume.geometry, worldPoint(...pointLps));
  await until('the coronal view follows', async () => {
    return Math.abs((await shownSlice(session, 'Coronal')).slice - 1 - j) <= 1;
  });
  await until('the sagittal view follows', async () => {
    return Math.abs((await shownSlice(session, 'Sagittal')).slice - 1 - i) <= 1;
  });
});

test('a typed window and a preset change the picture and are told', async () => {
  const { page } = session;
  const axial = session.view('Axial');
  const before = await look(axial);
  const width = page.getByRole('textbox', { name: 'Window width' });
  await width.fill('80');
  await width.press('Enter');
  const level = page.getByRole('textbox', { name: 'Window level' });
  await level.fill('110');
  await level.press('Enter');
  await until('W 80 L 110', async () => /W 80\s+L 110/.test(await axial.innerText()));
  await until('another picture', async () => apart(before, await look(axial)) > 3);
  const narrow = await look(axial);
  await page.getByRole('button', { name: 'Lung', exact: true }).click();
  await until('the lung window', async () => /W 1500\s+L −600/.test(await axial.innerText()));
  await until('another picture', async () => apart(narrow, await look(axial)) > 3);
  await page.getByRole('button', { name: 'Soft tissue', exact: true }).click();
});

test('a slab of the brightest values is brighter, and its thickness is told', async () => {
  const { page } = session;
  const axial = session.view('Axial');
  const slab = page.getByRole('radiogroup', { name: 'Slab' });
  await slab.getByText('MIP', { exact: true }).click();
  await until('the slab is told', async () => /MIP \d+ mm/.test(await axial.innerText()));
  // The value under the pointer is the one on screen, not the middle slice's.
  await wheelIn('Axial', 0);
  expect(await statusText(session)).toMatch(/MIP of the slab/);
  const thin = await look(axial);
  const thickness = page.getByRole('textbox', { name: 'Thickness' });
  await thickness.fill('40');
  await thickness.press('Enter');
  await until('its thickness is told', async () => /MIP (35|40|45) mm/.test(await axial.innerText()));
  await until('a thick one is brighter', async () => (await look(axial)).mean > thin.mean + 2);
  await slab.getByText('Off', { exact: true }).click();
});

test('views are arranged by name, and a double click makes one large and small again', async () => {
  const { page } = session;
  const choose = async (name: string) => {
    await page.getByRole('button', { name: 'Layout' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await choose('Three slices');
  await session.view('3D').waitFor({ state: 'hidden' });
  await choose('Four views');
  await session.view('3D').waitFor();
  const width = async (view: ViewName) => (await session.view(view).boundingBox())?.width ?? 0;
  const small = await width('Coronal');
  await session.view('Coronal').dblclick();
  await session.view('Axial').waitFor({ state: 'hidden' });
  expect(await width('Coronal')).toBeGreaterThan(1.8 * small);
  await session.view('Coronal').dblclick();
  await session.view('Axial').waitFor();
});

test('a length, an angle and an ellipse tell what the phantom has', async () => {
  const { page } = session;
  const k = MIDDLE + 2;
  await goToAxial(k);
  const { pointLps, radiusMm } = deepInside('Liver', k);
  const aim = await aimIn(session, 'Axial');
  const beside = ([x, y, z]: Vector3, dx: number, dy: number): Vector3 => [x + dx, y + dy, z];

  await chooseTool(session, 'Ellipse');
  const half = radiusMm / 2;
  await drag(session, [aim.at(beside(pointLps, -half, -half)), aim.at(beside(pointLps, half, half))]);
  const [, mean = '', spread = ''] = /(-?[\d.]+) ± ([\d.]+) HU/.exec(await figureOf('Ellipse 1')) ?? [];
  expect(Number(mean), 'HU of the liver').toBeGreaterThan(105);
  expect(Number(mean), 'HU of the liver').toBeLessThan(118);
  expect(Math.abs(Number(mean) - meanInEllipse(pointLps, half, k)), 'from the mean of its voxels').toBeLessThan(2);
  expect(Number(spread)).toBeGreaterThan(2);

  await goToAxial(k - 4);
  await chooseTool(session, 'Length');
  await drag(session, [aim.at(beside(pointLps, -30, 0)), aim.at(beside(pointLps, 30, 0))]);
  expect(Math.abs(Number(/([\d.]+) mm/.exec(await figureOf('Length 1'))?.[1]) - 60)).toBeLessThan(1.5);

  await goToAxial(k - 8);
  await chooseTool(session, 'Angle');
  await drag(session, [aim.at(beside(pointLps, 40, 0)), aim.at(pointLps)]);
  const end = aim.at(beside(pointLps, 0, 40));
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.click(end.x, end.y);
  expect(Math.abs(Number(/([\d.]+)°/.exec(await figureOf('Angle 1'))?.[1]) - 90)).toBeLessThan(2);
});

/** The mean of the voxels whose centres lie in a circle of a slice, from the phantom itself. */
function meanInEllipse([cx, cy]: Vector3, radius: number, k: number): number {
  const { scalars, geometry } = phantomTruth().volume;
  const [columns, rows] = geometry.size;
  const [cellX, cellY] = geometry.spacingMm;
  let [sum, count] = [0, 0];
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const [x, y] = [geometry.originLps[0] + i * cellX, geometry.originLps[1] + j * cellY];
      if (Math.hypot(x - cx, y - cy) > radius) continue;
      sum += scalars[i + columns * (j + rows * k)] ?? 0;
      count++;
    }
  }
  return sum / count;
}

test('measurements outlive a reload, are deleted, and come back by undo', async () => {
  const { page } = session;
  const names = ['Ellipse 1', 'Length 1', 'Angle 1'];
  const before = await Promise.all(names.map(figureOf));
  await page.reload();
  await openPhantom(session);
  expect(await Promise.all(names.map(figureOf))).toEqual(before);
  await page.getByRole('button', { name: 'Remove Length 1' }).click();
  await until('it is gone', async () => (await measurements().count()) === 2);
  await page.getByRole('region', { name: 'Measurements' }).getByRole('button', { name: 'Undo' }).click();
  await until('it is back', async () => (await measurements().count()) === 3);
  expect(await figureOf('Length 1')).toBe(before[1]);
  await page.reload();
  await openPhantom(session);
  expect(await measurements().count(), 'what was undone is kept, too').toBe(3);
});

test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
