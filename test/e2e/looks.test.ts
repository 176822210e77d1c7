import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drag } from './aim.ts';
import { copyPhantomVault } from './phantom.ts';
import { type Session, startSession, until } from './session.ts';
import { chooseMode, chooseTool, expectQuiet, openPhantom, paintedVolume, unlock } from './workstation.ts';

describe.each([
  { width: 1366, height: 768 },
  { width: 2560, height: 1440 },
])('at $width × $height', ({ width, height }) => {
  let session: Session;
  beforeAll(async () => {
    session = await startSession({ width, height, prepare: copyPhantomVault });
    await session.page.getByLabel('Passphrase', { exact: true }).waitFor();
  });
  afterAll(() => session.end());

  /** Keeps a picture; nothing scrolls sideways; no serious fault for people who see or hear the page otherwise. */
  async function inspect(name: string): Promise<void> {
    const { page } = session;
    await session.screenshot(`${name}-${width}`);
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(tooWide, `${name}: pixels too wide`).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3)}`);
    expect(serious, name).toEqual([]);
  }

  test('the locked page', async () => {
    await inspect('unlock');
  });

  test('the worklist', async () => {
    await unlock(session);
    await session.page.getByRole('row').nth(1).click();
    await session.page.getByRole('button', { name: 'Remove', exact: true }).waitFor();
    await inspect('worklist');
  });

  test('the viewer gives the views at least 70 % of the width', async () => {
    await openPhantom(session);
    await until('3D shows something', async () => /3D (surface|volume)/.test(await session.view('3D').innerText()));
    const box = await session.page.getByRole('main').boundingBox();
    expect((box?.width ?? 0) / width).toBeGreaterThan(0.7);
    await inspect('viewer');
  });

  test('the editor', async () => {
    await chooseMode(session, 'Segment');
    await session.page.getByRole('button', { name: 'Add segment' }).click();
    await chooseTool(session, 'Brush');
    const box = await session.view('Axial').boundingBox();
    if (!box) throw new Error('no axial view');
    const [x, y] = [box.x + 0.42 * box.width, box.y + 0.45 * box.height];
    await drag(session, [
      { x, y },
      { x: x + 60, y: y + 20 },
    ]);
    await paintedVolume(session, 'Segment 1');
    await inspect('segment');
  });

  test('the report', async () => {
    await chooseMode(session, 'Report');
    await session.page.getByRole('table').waitFor();
    await inspect('report');
  });

  test('the settings', async () => {
    const { page } = session;
    await page.getByRole('button', { name: 'Settings' }).click();
    for (const name of ['Models and hardware', 'Keyboard shortcuts', 'About Lantern', 'Vault and locking']) {
      await page.getByRole('tab', { name }).click();
      await page.getByRole('tabpanel', { name }).waitFor();
    }
    await page.getByRole('tab', { name: 'Models and hardware' }).click();
    await page.getByText('Torso organs (demonstration)').first().waitFor();
    await inspect('settings');
  });

  test('nothing left this machine, and the console stayed quiet', () => expectQuiet(session));
});
