import { expect, it } from 'vitest';
import { testApi } from '../support/api.ts';
import { messagingDatabase, step } from './messaging.ts';

const world = await messagingDatabase();
const api = testApi(world.appUrl);

async function clinicWithVisit() {
  const rig = await world.rig({ languages: ['fi'] });
  const visit = await rig.addVisit();
  const { staffKey, patientId } = rig.clinic;
  return {
    ...rig,
    send: () => rig.run(visit, step('booked')),
    change: (details: object) => api.call(staffKey, 'PATCH', `/v1/patients/${patientId}`, details),
  };
}

it('what is planned goes to the number and in the language that the patient has by then', async () => {
  const { change, send, sent } = await clinicWithVisit();
  await change({ mobile: '040 1000 888', language: 'Swe' });
  await send();
  expect(sent).toMatchObject([{ to: '+358401000888', text: expect.stringContaining('din tid') as string }]);
});

it('what is tried again goes to the new number, never again to the old', async () => {
  const { change, send, sent, transport, clinic } = await clinicWithVisit();
  const { answer } = transport;
  transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: '20429' });
  await expect(send()).rejects.toMatchObject({ type: 'TRANSPORT_BUSY' });
  await change({ mobile: '040 1000 888' });
  transport.answer = answer;
  await send();
  expect(sent.map(({ to }) => to)).toEqual([clinic.mobile, '+358401000888']);
  const [message] = await world.sql`select recipient from messages where clinic_id = ${clinic.clinicId}`;
  expect(message?.['recipient']).toBe('+358401000888');
});

it('what has no number any more is mailed', async () => {
  const { change, send, sent, mail, clinic } = await clinicWithVisit();
  await world.sql`insert into senders (clinic_id, id, channel, address)
    values (${clinic.clinicId}, gen_random_uuid(), 'email', ${`${clinic.slug}@example.org`})`;
  await change({ mobile: null, email: 'aino@example.org' });
  await send();
  expect(sent).toEqual([]);
  expect(mail.sent).toMatchObject([{ to: 'aino@example.org' }]);
});
