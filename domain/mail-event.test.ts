import { describe, expect, it } from 'vitest';
import { reportOf } from './mail-event.ts';

describe('reportOf', () => {
  it.each([
    [{ event: 'processed' }, 'processed', ''],
    [{ event: 'deferred', status: '4.7.1', reason: '451 4.7.1 later' }, 'deferred', ''],
    [{ event: 'delivered' }, 'delivered', ''],
    [{ event: 'spamreport' }, 'spamreport', ''],
    [{ event: 'bounce', type: 'bounce', status: '5.1.1' }, 'bounce', '5.1.1'],
    [{ event: 'bounce', type: 'blocked', status: '5.7.1' }, 'blocked', '5.7.1'],
    [{ event: 'bounce', type: 'bounce', reason: '550 5.2.1 mailbox disabled' }, 'bounce', '5.2.1'],
    [{ event: 'bounce', type: 'blocked', reason: 'unable to get mx info' }, 'blocked', 'blocked'],
    [{ event: 'bounce', reason: '550 refused by 5.1.1.3' }, 'bounce', 'bounce'],
    [{ event: 'dropped', reason: 'Bounced Address' }, 'dropped', 'Bounced Address'],
    [{ event: 'dropped' }, 'dropped', 'dropped'],
  ])('puts %j in a word and a code', (event, status, errorCode) =>
    expect(reportOf(event)).toEqual({ status, errorCode }),
  );

  it.each([
    { event: 'bounce', type: 'bounce', status: 'eino@example.org', reason: '550 no eino@example.org here' },
    { event: 'dropped', reason: 'eino@example.org is not wanted' },
    { event: 'dropped', reason: '4.2.2 eino@example.org' },
  ])('lets no address through: %j', (event) => expect(JSON.stringify(reportOf(event))).not.toContain('eino'));
});
