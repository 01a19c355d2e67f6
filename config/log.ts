import pino from 'pino';

/** All that a log line may carry: ids, codes, counts and durations. Nothing here can hold a name, a number, a text or a token. */
const allowedFields = [
  'requestId',
  'clinicId',
  'appointmentId',
  'workflowId',
  'messageId',
  'taskId',
  'workflowType',
  'activityType',
  'change',
  'method',
  'route',
  'status',
  'code',
  'count',
  'durationMs',
  'address',
  'errorName',
  'errorCode',
  'errorAt',
] as const;

export type LogFields = { [field in (typeof allowedFields)[number]]?: string | number | null | undefined };

/** The one way to write a log line; `event` is a fixed sentence, whatever varies is a field or the error behind it. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields, error?: unknown): void;
  error(event: string, fields?: LogFields, error?: unknown): void;
}

/** Writes JSON lines to standard output, or to `destination`. */
export function createLog(level: string, destination?: { write(line: string): void }): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const logger = destination ? pino(options, destination) : pino(options);
  return {
    info: (event, fields) => logger.info(onlyAllowed(fields), event),
    warn: (event, fields, error) => logger.warn(onlyAllowed({ ...fields, ...errorFields(error) }), event),
    error: (event, fields, error) => logger.error(onlyAllowed({ ...fields, ...errorFields(error) }), event),
  };
}

// The types say so already; this holds for what reaches us untyped.
function onlyAllowed(fields: LogFields = {}): LogFields {
  return Object.fromEntries(allowedFields.filter((name) => name in fields).map((name) => [name, fields[name]]));
}

/** What may be said of an unexpected error. Its message may quote what somebody typed, so only kind and place are told. */
function errorFields(error: unknown): LogFields {
  if (error === undefined) return {};
  if (!(error instanceof Error)) return { errorName: typeof error };
  const root = rootCause(error);
  const code = (root as { code?: unknown }).code;
  return {
    errorName: root === error ? error.name : `${error.name} < ${root.name}`,
    errorCode: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    errorAt: framesOf(error),
  };
}

function rootCause(error: Error): Error {
  return error.cause instanceof Error ? rootCause(error.cause) : error;
}

function framesOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames
    .slice(0, 6)
    .map((line) => line.trim().slice(3))
    .join(' | ');
}
