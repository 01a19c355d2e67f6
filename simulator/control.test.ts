import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { mailTo, patient, sender, startRig } from './testing.ts';
import type { Rig } from './testing.ts';
import type { TimeTarget } from './time-travel.ts';

const now = Date.parse('2026-11-22T10:00:00Z');
const day = 86_400_000;
let rig: Rig;
let journeys: TimeTarget[];

beforeEach(async () => {
  journeys = [];
  const advance = async (target: TimeTarget): Promise<number> => {
    journeys.push(target);
    if (target.workflowId === 'unknown') throw Object.assign(new Error('workflow not found'), { code: 5 });
    return 'by' in target ? now + target.by : target.to;
  };
  rig = await startRig({ now: () => now, advance });
});
afterEach(() => rig.close());

async function answerOf(response: Promise<Response>): Promise<{ status: number; json: unknown }> {
  const { status, json } = await response.then(async (answer) => ({
    status: answer.status,
    json: await answer.json(),
  }));
  return { status, json };
}

describe('what was handed over', () => {
  it('is listed oldest first, for one number or all', async () => {
    const { sid } = await rig.send({ body: 'first', validityPeriod: 600 });
    await rig.send({ to: '+4915112345678', body: 'second' });
    const all = (await (await fetch(`${rig.url}/_sim/messages`)).json()) as { body: string }[];
    const one = await (await fetch(`${rig.url}/_sim/messages?to=${encodeURIComponent(patient)}`)).json();
    expect(await (await fetch(`${rig.url}/_sim/messages?to=${patient}`)).json()).toEqual(one);
    expect(all.map((message) => message.body)).toEqual(['first', 'second']);
    expect(one).toEqual([
      {
        id: sid,
        to: patient,
        from: sender,
        body: 'first',
        segments: 1,
        status: expect.any(String),
        validityPeriod: 600,
        at: '2026-11-22T10:00:00.000Z',
      },
    ]);
  });

  it('is listed oldest first for mails too, for one address in whatever case or all', async () => {
    await rig.mail({ subject: 'first' });
    await rig.mail({ subject: 'second', to: 'another@example.org' });
    const subjects = async (query = '') => {
      const mails = (await (await fetch(`${rig.url}/_sim/emails${query}`)).json()) as { subject: string }[];
      return mails.map(({ subject }) => subject);
    };
    expect(await subjects()).toEqual(['first', 'second']);
    expect(await subjects(`?to=${mailTo.toUpperCase()}`)).toEqual(['first']);
  });

  it('is forgotten on request, with block list and behaviours', async () => {
    await rig.send();
    await rig.mail();
    await rig.control('/reply', { from: patient, to: sender, body: 'STOP' });
    await rig.control('/behaviour', { to: '+4915112345678', outcome: 'invalid' });
    expect((await rig.control('/messages', undefined, 'DELETE')).status).toBe(204);
    expect(await rig.client.messages.list()).toEqual([]);
    expect(await (await fetch(`${rig.url}/_sim/emails`)).json()).toEqual([]);
    await rig.send();
    await rig.send({ to: '+4915112345678' });
  });
});

describe('time travel', () => {
  it.each([
    ['P39D', 39 * day],
    ['P2W', 14 * day],
    ['PT36H', 1.5 * day],
    ['P1DT2H30M', day + 9_000_000],
    ['PT0.25S', 250],
  ])('goes on by %s and tells when it is there', async (by, ms) => {
    const answer = await answerOf(rig.control('/time-travel', { workflowId: 'appointment/1/2', by }));
    expect(answer).toEqual({
      status: 200,
      json: { workflowId: 'appointment/1/2', now: new Date(now + ms).toISOString() },
    });
    expect(journeys).toEqual([{ workflowId: 'appointment/1/2', by: ms }]);
  });

  it('goes to an instant, whatever its offset', async () => {
    await rig.control('/time-travel', { workflowId: 'w', to: '2027-01-04T10:00:00+02:00' });
    expect(journeys).toEqual([{ workflowId: 'w', to: Date.parse('2027-01-04T08:00:00Z') }]);
  });

  it.each([
    [{ by: 'P1D' }, /workflowId/],
    [{ workflowId: 'w' }, /either "by" or "to"/],
    [{ workflowId: 'w', by: 'P1D', to: '2027-01-04T08:00:00Z' }, /either "by" or "to"/],
    [{ workflowId: 'w', by: '39 days' }, /ISO 8601 duration/],
    [{ workflowId: 'w', by: 'P' }, /ISO 8601 duration/],
    [{ workflowId: 'w', by: 'P1DT' }, /ISO 8601 duration/],
    [{ workflowId: 'w', by: 'P0D' }, /ISO 8601 duration/],
    [{ workflowId: 'w', by: '-P1D' }, /ISO 8601 duration/],
    [{ workflowId: 'w', by: 'P1M' }, /weeks or smaller/],
    [{ workflowId: 'w', to: '2027-01-04T08:00:00' }, /instant with its offset/],
    [{ workflowId: 'w', to: '2027-13-04T08:00:00Z' }, /instant with its offset/],
    [{ workflowId: 'w', by: 'P1D', speed: 2 }, /speed/],
  ])('refuses %j and says why', async (body, reason) => {
    const answer = await answerOf(rig.control('/time-travel', body));
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringMatching(reason) } });
    expect(journeys).toEqual([]);
  });

  it('answers 404 for a workflow that does not exist', async () => {
    const answer = await answerOf(rig.control('/time-travel', { workflowId: 'unknown', by: 'P1D' }));
    expect(answer).toEqual({ status: 404, json: { error: 'There is no workflow unknown.' } });
  });

  it('answers 501 without a development server', async () => {
    const timeless = await startRig();
    onTestFinished(() => timeless.close());
    expect((await timeless.control('/time-travel', { workflowId: 'w', by: 'P1D' })).status).toBe(501);
  });
});

describe('wrong requests', () => {
  it.each([
    ['/behaviour', { to: patient, outcome: 'explode' }, /must be one of: delivered, undelivered:30003/],
    ['/behaviour', { to: mailTo, outcome: 'undelivered:30003' }, /must be one of: delivered, undelivered:5.1.1/],
    ['/behaviour', { to: '0401234567', outcome: 'delivered' }, /to: must be a number like .* or a mail address/],
    ['/carrier', { textsPerSecond: 0 }, /textsPerSecond/],
    ['/carrier', { textsPerMinute: 60 }, /textsPerMinute/],
    ['/reply', { from: patient, to: sender }, /body/],
    ['/reply', { from: 'me', to: sender, body: 'Hello' }, /from: must be a number like/],
  ])('%s refuses %j and says why', async (path, body, reason) => {
    const answer = await answerOf(rig.control(path, body));
    expect(answer).toMatchObject({ status: 400, json: { error: expect.stringMatching(reason) } });
  });

  it('refuses what is not JSON', async () => {
    const answer = await answerOf(fetch(`${rig.url}/_sim/reply`, { method: 'POST', body: 'hello' }));
    expect(answer).toEqual({ status: 400, json: { error: 'The body must be JSON.' } });
  });

  it('talks to no API on another machine', async () => {
    await expect(startRig({ apiUrl: 'https://api.example.org' })).rejects.toThrow(/this machine only/);
  });
});
