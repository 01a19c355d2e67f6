/** One thing that `npm run admin` can do; it gets the words that follow its name, and tells what happened on the terminal. */
export interface Command {
  /** One word or two: `migrate`, `key create`. */
  name: string;
  /** What follows the name, as `<clinic.yaml> [--yes]`. */
  usage: string;
  /** Half a sentence for the list of commands. */
  summary: string;
  run(args: readonly string[]): Promise<void>;
}

/** Something that whoever typed the command can put right: shown without a stack trace. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/** The words were wrong: shown with the usage of the command. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}
