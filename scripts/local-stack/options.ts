import type { ProgramName } from './programs.ts';

export type PartName = 'PostgreSQL' | 'Temporal' | ProgramName;

export interface StackPorts {
  api: number;
  simulator: number;
  temporal: number;
  temporalUi: number;
  postgres: number;
}

export interface StackOptions {
  /** Data, logs and pid files; a second start on it finds all data again. */
  dir: string;
  ports: StackPorts;
  temporalCli?: string | undefined;
  /** A Temporal server to use in place of one of our own. */
  temporalAddress?: string | undefined;
  /** A PostgreSQL to use in place of one of our own: the app's login, and the owner of the tables. */
  databaseUrl?: string | undefined;
  migrationDatabaseUrl?: string | undefined;
  taskQueue?: string;
  isDurable?: boolean;
  /** Starts a part again that ends by itself. */
  isSupervised?: boolean;
  /** Progress, in sentences. */
  report?: (line: string) => void;
  /** What the programs write. */
  output?: (part: PartName, line: string) => void;
}

export interface StackAddresses {
  api: string;
  simulator: string;
  temporal: string;
  temporalUi: string | undefined;
  database: string;
  migrationDatabase: string;
}
