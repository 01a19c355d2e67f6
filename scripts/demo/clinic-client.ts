/** An appointment as the API answers it; the fields that the story looks at. */
export interface Appointment {
  id: string;
  status: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
  confirmBy: string | null;
  providerId: string;
  visitTypeId: string;
  workflowId: string;
}

export interface Timeline {
  past: { at: string; what: string; by?: string; kind?: string; channel?: string; status?: string }[];
  planned: { at: string; what: string; kind?: string }[];
}

export interface PhoneMessage {
  id: string;
  from: string;
  to: string;
  body: string;
  segments: number;
  status: string;
}

export interface Mail {
  id: string;
  to: string;
  subject: string;
  text: string;
  attachments: { filename: string }[];
}

export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** For the clock of one workflow over all its timers; weeks take some seconds. */
const JOURNEY_MS = 120_000;

/** The clinic's own software, as far as the story needs it: the HTTP API with the clinic's key, and the simulator. */
export class ClinicClient {
  readonly api: string;
  readonly simulator: string;
  readonly #key: string;

  constructor(addresses: { api: string; simulator: string }, key: string) {
    this.api = addresses.api;
    this.simulator = addresses.simulator;
    this.#key = key;
  }

  async get<T>(path: string): Promise<T> {
    return this.#call<T>('GET', path, 200);
  }

  async post<T>(path: string, body: unknown, expected: number, idempotencyKey?: string): Promise<T> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
    return this.#call<T>('POST', path, expected, { headers, body: JSON.stringify(body) });
  }

  async delete(path: string): Promise<void> {
    await this.#call('DELETE', path, 204);
  }

  async importPatients<T>(file: Buffer, dryRun: boolean): Promise<T> {
    const init = { headers: { 'content-type': 'text/csv' }, body: new Uint8Array(file) };
    return this.#call<T>('POST', `/v1/imports/patients?dryRun=${dryRun}`, 200, init);
  }

  async timeline(appointmentId: string): Promise<Timeline> {
    return this.get<Timeline>(`/v1/appointments/${appointmentId}/timeline`);
  }

  /** The texts that arrived on this virtual phone, oldest first. */
  async phone(number: string): Promise<PhoneMessage[]> {
    const response = await fetch(`${this.simulator}/_sim/messages?to=${encodeURIComponent(number)}`);
    return (await response.json()) as PhoneMessage[];
  }

  /** Answers a text from the virtual phone that it is on. */
  async reply({ from, to }: PhoneMessage, body: string): Promise<void> {
    const response = await fetch(`${this.simulator}/_sim/reply`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: to, to: from, body }),
    });
    if (!response.ok) throw new UnexpectedAnswer(`A reply answered ${response.status}: ${await response.text()}`);
  }

  /** The mails that arrived in this virtual mailbox, oldest first. */
  async mailbox(address: string): Promise<Mail[]> {
    const response = await fetch(`${this.simulator}/_sim/emails?to=${encodeURIComponent(address)}`);
    return (await response.json()) as Mail[];
  }

  /** Moves the clock of this one workflow to an instant, and waits until it is there; also for the workflow to begin. */
  async travel(workflowId: string, to: string | number): Promise<void> {
    const body = JSON.stringify({ workflowId, to: new Date(to).toISOString() });
    await eventually(`The journey of ${workflowId}`, async () => {
      const response = await fetch(`${this.simulator}/_sim/time-travel`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(JOURNEY_MS),
      });
      if (response.status === 404) return undefined;
      if (response.ok) return true;
      throw new UnexpectedAnswer(`Time travel answered ${response.status}: ${await response.text()}`);
    });
  }

  async #call<T>(method: string, path: string, expected: number, init: RequestInit = {}): Promise<T> {
    const headers = { authorization: `Bearer ${this.#key}`, ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(this.api + path, { ...init, method, headers });
    const text = await response.text();
    if (response.status === expected) return (text === '' ? undefined : JSON.parse(text)) as T;
    throw new UnexpectedAnswer(`${method} ${path} answered ${response.status} where ${expected} was expected: ${text}`);
  }
}

/** Asks again until there is an answer: what the clinic's software would do with a screen that refreshes. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | false | undefined>,
  patienceMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new UnexpectedAnswer(`${what} did not happen within ${patienceMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
