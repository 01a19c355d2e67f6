import { expect, it } from 'vitest';
import { Store } from './store.ts';
import { patient, sender } from './testing.ts';

function storeOf(capacity: number): Store {
  return new Store({ now: () => 0, capacity });
}

const text = (body: string) =>
  ({ direction: 'outbound-api', status: 'queued', from: sender, to: patient, body }) as const;

it('keeps no more than its capacity, and lets the oldest go', () => {
  const store = storeOf(3);
  for (const body of ['1', '2', '3', '4']) store.add(text(body));
  expect(store.all().map((message) => message.body)).toEqual(['2', '3', '4']);
});

it('ignores a change to what was forgotten', () => {
  const store = storeOf(3);
  const { sid } = store.add(text('1'));
  store.forget();
  store.change(sid, () => ({ status: 'delivered' }));
  expect(store.all()).toEqual([]);
});

it('counts as unread what came after the conversation was last looked at, and never what was written', () => {
  const store = storeOf(10);
  store.add(text('before'));
  store.markSeen(patient, sender);
  store.add(text('after'));
  store.add({ direction: 'inbound', status: 'received', from: patient, to: sender, body: 'mine' });
  const unread = store.all().filter((message) => store.isUnread(message));
  expect(unread.map((message) => message.body)).toEqual(['after']);
});
