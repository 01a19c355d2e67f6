import { expect, it } from 'vitest';
import { newText } from './message.ts';
import { Store } from './store.ts';
import { patient, sender } from './testing.ts';

function storeOf(capacity: number): Store {
  return new Store({ now: () => 0, capacity });
}

const text = (body: string) =>
  newText({ direction: 'outbound-api', status: 'queued', from: sender, to: patient, body });

it('keeps no more than its capacity, and lets the oldest go', () => {
  const store = storeOf(3);
  for (const body of ['1', '2', '3', '4']) store.texts.add(text(body));
  expect(store.texts.all().map((message) => message.body)).toEqual(['2', '3', '4']);
});

it('ignores a change to what was forgotten', () => {
  const store = storeOf(3);
  const { id } = store.texts.add(text('1'));
  store.forget();
  store.texts.change(id, () => ({ status: 'delivered' }));
  expect(store.texts.all()).toEqual([]);
});

it('tells what came after a place was last looked at', () => {
  const store = storeOf(10);
  store.texts.add(text('before'));
  store.markSeen('here');
  store.texts.add(text('after'));
  const isNew = (place: string) => store.texts.all().map((message) => store.isNewAt(place, message));
  expect(isNew('here')).toEqual([false, true]);
  expect(isNew('elsewhere')).toEqual([true, true]);
});
