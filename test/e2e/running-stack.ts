import { type Stack, startTemporaryStack } from '../../scripts/local-stack/stack.ts';
import type { StackOptions } from '../../scripts/local-stack/options.ts';
import { addClinic, type TestClinic } from '../support/clinic.ts';
import { type Answer, type CallOptions, type PhoneMessage, callApi } from '../support/product.ts';

/** A clinic on a whole stack of processes, as its own software and its patients' phones meet it. */
export interface RunningStack {
  stack: Stack;
  clinic: TestClinic;
  call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  /** The texts that arrived at this number, oldest first. */
  phone: (number: string) => Promise<PhoneMessage[]>;
  /** Tells the simulator what is in `body`, and answers its answer. */
  simulate: (what: 'behaviour' | 'reply' | 'time-travel', body: Record<string, string>) => Promise<unknown>;
}

interface Options {
  stack?: Partial<StackOptions>;
  clinic?: Parameters<typeof addClinic>[1];
}

/** Starts everything; whoever calls it stops `stack` at the end of the test file. */
export async function startRunningStack(options: Options = {}): Promise<RunningStack> {
  const stack = await startTemporaryStack(options.stack);
  const { api, simulator, migrationDatabase } = stack.addresses;
  const clinic = await addClinic(migrationDatabase, options.clinic);
  return {
    stack,
    clinic,
    call: (method, path, call) => callApi(api, clinic.staffKey, method, path, call),
    phone: async (number) => {
      const response = await fetch(`${simulator}/_sim/messages?to=${encodeURIComponent(number)}`);
      return (await response.json()) as PhoneMessage[];
    },
    simulate: async (what, body) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const response = await fetch(`${simulator}/_sim/${what}`, init);
      if (!response.ok) throw new Error(`${what} answered ${response.status}: ${await response.text()}`);
      return response.status === 204 ? undefined : response.json();
    },
  };
}
