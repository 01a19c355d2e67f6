/** What the global set-ups hand to every test file of their projects; see vitest's `inject`. */
export interface ProvidedPostgres {
  port: number;
  template: string;
}

export interface ProvidedTemporal {
  address: string;
  /** The workflows, bundled once for all test files. */
  workflowBundle: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: ProvidedPostgres;
    temporal: ProvidedTemporal;
  }
}
