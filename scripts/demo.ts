import { readStackEnv } from '../config/env.ts';
import { type Appointment, ClinicClient } from './demo/clinic-client.ts';
import { importPatients } from './demo/patient-list.ts';
import { play } from './demo/play.ts';
import { race } from './demo/race.ts';
import { forgetOldMessages } from './demo/steps.ts';
import { cancelledLife, confirmedLife, unansweredLife } from './demo/story.ts';
import { tell } from './demo/telling.ts';
import { type Stack, createStack, localStackOptions } from './local-stack/stack.ts';

/** Staff of the seeded German clinic. */
const KEY = 'vk_test_markt_staff';

let started: Stack | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(130));
try {
  const { ports } = readStackEnv();
  const api = `http://127.0.0.1:${ports.api}`;
  if (!(await isUp(api))) await bringUp();
  const clinic = new ClinicClient({ api, simulator: `http://127.0.0.1:${ports.simulator}` }, KEY);
  if (process.argv[2] === 'race') await play(clinic);
  else await tellStory(clinic, `http://127.0.0.1:${ports.temporalUi}`);
  await end(0);
} catch (error) {
  tell.failure(error instanceof Error ? error.message : String(error));
  await end(1);
}

async function tellStory(clinic: ClinicClient, temporalUi: string): Promise<void> {
  await importPatients(clinic);
  await forgetOldMessages(clinic);
  const confirmed = await confirmedLife(clinic);
  const expired = await unansweredLife(clinic);
  const cancelled = await cancelledLife(clinic, expired);
  const won = await race(clinic);
  for (const appointment of [confirmed, expired, cancelled, won]) await recap(clinic, appointment, temporalUi);
  if (started) tell.line('\nStopping what was started. To look at phones and workflows, run it beside npm run dev.');
  else tell.line(`\nThe texts and mails are on the virtual phones: ${clinic.simulator}`);
}

async function recap(clinic: ClinicClient, appointment: Appointment, temporalUi: string): Promise<void> {
  tell.chapter(`The whole life of the ${appointment.status} appointment, in clinic time`);
  tell.timeline(appointment, await clinic.timeline(appointment.id));
  if (started) return;
  tell.note(`Temporal UI: ${temporalUi}/namespaces/default/workflows/${encodeURIComponent(appointment.workflowId)}`);
}

async function bringUp(): Promise<void> {
  tell.line('Nothing is running yet: starting the local stack.');
  started = createStack({ ...localStackOptions(), report: (line) => tell.line(`  ${line}`) });
  await started.start();
}

async function isUp(api: string): Promise<boolean> {
  return fetch(`${api}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function end(exitCode: number): Promise<void> {
  await started?.stop();
  process.exit(exitCode);
}
