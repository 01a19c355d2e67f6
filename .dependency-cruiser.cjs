// Who may import whom. The table behind it, with its reasons, is in ARCHITECTURE.md; test/import-rules.test.ts shows each rule at work.

const TEST = '\\.test\\.ts$';
const FOLDERS = 'activities|api|config|db|domain|scripts|simulator|test|worker|workflows';
const PRODUCTION = '^(activities|api|config|db|domain|worker|workflows)/';

/** The files of one layer may import only what is listed, of all that is ours. */
const layer = (folder, allowed, comment) => ({
  name: `${folder}-imports`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: TEST },
  to: { path: `^(${FOLDERS})/`, pathNot: allowed },
});

/** A package that only the listed places may import. */
const only = (name, packages, places, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^(${FOLDERS})/`, pathNot: places },
  to: { path: `(^|node_modules/)(${packages})(/|$)` },
});

const layers = [
  layer('domain', ['^domain/'], 'Rules are pure: take what you need as an argument.'),
  layer('config', ['^config/', '^domain/'], 'The environment is read before anything else exists.'),
  layer('db', ['^db/', '^domain/'], 'The database layer stores and reads; whoever calls it decides.'),
  layer(
    'activities',
    ['^activities/', '^db/', '^domain/', '^workflows/[^/]+/messages\\.ts$', '^workflows/search-attributes\\.ts$'],
    'To reach a workflow use getClient() and its messages.ts.',
  ),
  layer(
    'worker',
    [PRODUCTION.replace('api|', '')],
    'The worker wires activities and workflows; it never needs the API or the simulator.',
  ),
  layer(
    'api',
    [
      '^(api|config|domain|workflows)/',
      '^db/(client\\.ts|queries/|inbox/)',
      '^db/commands/((patient|catalogue|consent|waiting-list|free-text|task|request|idempotency-key)s?/|occupancies/(lease|hold))',
    ],
    'Appointments, openings, offers and messages are written by activities, for the workflow that owns them: send it an update.',
  ),
  {
    name: 'api-workflows-as-types',
    comment: 'Import a message from workflows/<life>/messages.ts, and the workflow itself with `import type`.',
    severity: 'error',
    from: { path: '^api/', pathNot: TEST },
    to: {
      path: '^workflows/',
      pathNot: ['/messages\\.ts$', '^workflows/search-attributes\\.ts$'],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'workflows-imports',
    comment: 'A workflow knows the domain, its own folder and the messages.ts of other workflows.',
    severity: 'error',
    from: { path: '^workflows/([^/]+)/', pathNot: TEST },
    to: {
      path: `^(${FOLDERS})/`,
      pathNot: [
        '^domain/',
        '^workflows/$1/',
        '^workflows/[^/]+/messages\\.ts$',
        '^workflows/(?!index\\.ts)[^/]+\\.ts$',
        '^activities/index\\.ts$',
      ],
    },
  },
  {
    name: 'workflows-root-imports',
    comment: 'What all workflows share knows the domain and the workflows, nothing else.',
    severity: 'error',
    from: { path: '^workflows/[^/]+\\.ts$', pathNot: TEST },
    to: { path: `^(${FOLDERS})/`, pathNot: ['^domain/', '^workflows/', '^activities/index\\.ts$'] },
  },
  {
    name: 'workflows-activities-as-types',
    comment:
      'Write `import type { Activities }`: an activity is called through proxyActivities, its code runs elsewhere.',
    severity: 'error',
    from: { path: '^workflows/', pathNot: TEST },
    to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'simulator-imports',
    comment: 'The simulator stands in for providers at the wire: it may share our types, not our code.',
    severity: 'error',
    from: { path: '^simulator/', pathNot: TEST },
    to: {
      path: `^(${FOLDERS})/`,
      pathNot: ['^simulator/', '^scripts/local-stack/advance\\.ts$', '^config/'],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'environment-only-in-mains',
    comment: 'The environment is read once, by a main; everything else gets what it needs as an argument.',
    severity: 'error',
    from: { path: `^(${FOLDERS})/`, pathNot: ['^config/', '^(api|simulator|worker)/main\\.ts$', '^(scripts|test)/'] },
    to: { path: '^config/env\\.ts$', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-import-of-tests',
    comment: 'What product code needs belongs to product code.',
    severity: 'error',
    from: { path: `^(${FOLDERS})/`, pathNot: ['^test/', TEST] },
    to: { path: ['^test/', TEST] },
  },
];

const packages = [
  only(
    'workflow-sdk',
    '@temporalio/workflow',
    ['^workflows/', '^test/.+\\.workflow\\.ts$'],
    'Only workflow code runs in the sandbox.',
  ),
  only(
    'client-sdk',
    '@temporalio/client',
    ['^api/temporal-(gateway\\.ts$|outcomes\\.)', '^(scripts|simulator|test)/'],
    'Add a method to api/temporal-gateway.ts; in an activity use getClient().',
  ),
  only('worker-sdk', '@temporalio/worker', ['^(worker|scripts|test)/'], 'Only a worker process runs workers.'),
  only('activity-sdk', '@temporalio/activity', ['^(activities|test)/'], 'Only an activity has an activity context.'),
  only(
    'sql',
    'drizzle-orm|pg|postgres',
    // The local stack makes roles before there is a schema; tests look past our code, at what the database itself refuses.
    ['^db/', '^scripts/local-stack/postgres\\.ts$', '^test/'],
    'Write a file in db/queries (to read) or db/commands/<noun> (to write).',
  ),
  only('http', 'hono|@hono|@scalar', ['^(api|simulator)/', '^test/bench/bare-route'], 'HTTP ends in api.'),
  only(
    'providers',
    'twilio|@sendgrid',
    ['^activities/messaging/transports/', '^api/webhooks/', '^simulator/'],
    'Speak to a provider through its transport.',
  ),
  only(
    'time-zones',
    'temporal-polyfill|@js-temporal|@js-joda|luxon|moment|moment-timezone|dayjs|date-fns|date-fns-tz',
    ['^domain/clinic-time(\\.test)?\\.ts$'],
    'Only domain/clinic-time.ts knows time zones: use one of its functions, or add one.',
  ),
  {
    name: 'domain-packages',
    comment: 'The domain may use pure packages only: no I/O, no clock, no Node.',
    severity: 'error',
    from: { path: '^domain/', pathNot: TEST },
    to: {
      dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
      pathNot: 'node_modules/(zod|temporal-polyfill|libphonenumber-js|sms-segments-calculator)/',
    },
  },
  {
    name: 'workflows-packages',
    comment: 'Workflow code is replayed in a sandbox: no Node modules, no packages but the SDK.',
    severity: 'error',
    from: { path: '^workflows/', pathNot: TEST },
    to: {
      dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
      pathNot: 'node_modules/@temporalio/(workflow|common)/',
    },
  },
  {
    name: 'no-development-packages',
    comment: 'Production installs do not have it: move it to `dependencies` or do without.',
    severity: 'error',
    from: { path: [PRODUCTION, '^scripts/admin'], pathNot: TEST },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
  },
];

const hygiene = [
  {
    name: 'no-cycles',
    comment: 'Move what both need into a file of its own.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolvable',
    comment: 'The file or package does not exist (imports end in `.ts`, packages stand in package.json).',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

module.exports = {
  forbidden: [...layers, ...packages, ...hygiene],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|\\.local)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
