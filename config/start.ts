/**
 * What `begin` answers, or the end of this process with one sentence and code 1. Before anything has started the reason is
 * the deployment's, and may be told in full.
 */
export async function startOrExit<T>(program: string, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin();
  } catch (error) {
    process.stderr.write(`The ${program} cannot start. ${reasonOf(error)}\n`);
    process.exit(1);
  }
}

/** The driver and the engine wrap what happened, and leave the outermost sentence empty or about themselves. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  if (inner instanceof Error) return reasonOf(inner);
  return error.message || error.name;
}
