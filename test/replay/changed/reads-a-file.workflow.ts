import { readFileSync } from 'node:fs';

/** Must not even be bundled. */
export async function appointmentWorkflow(): Promise<string> {
  return readFileSync('policy.json', 'utf8');
}
