import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createApiKey } from '../../db/commands/api-keys/create.ts';
import { type Actor, actors } from '../../domain/appointment.ts';
import { inClinicOf } from './clinic-of.ts';
import { type Command, UsageError } from './command.ts';
import { adminSettings, asOwner } from './settings.ts';

export const keyCreateCommand: Command = {
  name: 'key create',
  usage: `<clinic-slug> --name <what uses it> --actors ${actors.join(',')} [--test]`,
  summary: 'makes a key for the HTTP API, and shows it once',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { name: { type: 'string' }, actors: { type: 'string' }, test: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [slug, ...more] = positionals;
    if (slug === undefined || more.length > 0) throw new UsageError('Name one clinic by its slug.');
    const name = values.name?.trim() ?? '';
    if (name === '') throw new UsageError('Say what will use the key: --name "web booking".');
    const scopes = actorsIn(values.actors ?? '');
    const key = `vk_${values.test ? 'test' : 'live'}_${randomBytes(24).toString('base64url')}`;
    const digest = createHash('sha256').update(key).digest();
    const id = await asOwner(adminSettings(), (db) =>
      inClinicOf(db, slug, (tx, clinicId) => createApiKey(tx, clinicId, { name, digest, scopes }, Date.now())),
    );
    console.log(`${key}\n`);
    console.log(`Keep it now: it is shown this once. It speaks for ${scopes.join(', ')}.`);
    console.log(`To revoke it: npm run admin -- key revoke ${slug} ${id}`);
  },
};

function actorsIn(text: string): Actor[] {
  const names = text.split(',').map((name) => name.trim());
  const scopes = actors.filter((actor) => names.includes(actor));
  const unknown = names.filter((name) => !(actors as readonly string[]).includes(name));
  if (unknown.length === 0) return scopes;
  const given = text === '' ? '' : `${unknown.join(', ')}: no such actor. `;
  throw new UsageError(`${given}Say for whom the key may speak: --actors with some of ${actors.join(',')}.`);
}
