import { describe, expect, it } from 'vitest';
import { QUIET_HEADER, quietStatus, trueStatus } from './quietStatus.ts';

const quiet = new Request('http://127.0.0.1/rpc/x', { headers: { [QUIET_HEADER]: '1' } });
const refused = () => new Response('{"code":"vault/wrong-passphrase"}', { status: 422 });

describe('quietStatus', () => {
  it('carries a failure inside a 200 and gives it back whole', async () => {
    const sent = quietStatus(quiet, refused());
    expect(sent.status).toBe(200);
    const received = trueStatus(sent);
    expect(received.status).toBe(422);
    expect(await received.text()).toBe('{"code":"vault/wrong-passphrase"}');
  });

  it('leaves the status alone for a caller that did not ask', () => {
    expect(quietStatus(new Request('http://127.0.0.1/rpc/x'), refused()).status).toBe(422);
  });

  it('leaves a success untouched', () => {
    const answer = new Response('x', { status: 206 });
    expect(quietStatus(quiet, answer)).toBe(answer);
    expect(trueStatus(answer)).toBe(answer);
  });
});
