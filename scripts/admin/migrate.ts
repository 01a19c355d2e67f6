import { parseArgs } from 'node:util';
import { migrate } from '../../db/migrate.ts';
import type { Command } from './command.ts';
import { adminSettings, explained } from './settings.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  usage: '',
  summary: 'brings the database to the newest schema',
  async run(args) {
    parseArgs({ args: [...args], options: {} });
    const { migrationDatabaseUrl } = adminSettings();
    await migrate(migrationDatabaseUrl).catch((error: unknown) => {
      throw explained(error);
    });
    console.log('The database has the newest schema.');
  },
};
