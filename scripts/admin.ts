import { runAdmin } from './admin/run.ts';

/** Sets up and looks after clinics: `npm run admin`, and in production this file. */
if (!(await runAdmin(process.argv.slice(2)))) process.exitCode = 1;
