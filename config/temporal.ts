/** The Temporal server, and what is ours on it. */
export interface TemporalSettings {
  address: string;
  namespace: string;
  taskQueue: string;
  tls?: boolean | undefined;
  apiKey?: string | undefined;
}

/** What connecting to that server takes, for the client and for the worker alike. */
export function connectionTo({ address, tls = false, apiKey }: TemporalSettings) {
  return { address, tls, ...(apiKey === undefined ? {} : { apiKey }) };
}
