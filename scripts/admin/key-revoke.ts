import { parseArgs } from 'node:util';
import { revokeApiKey } from '../../db/commands/api-keys/revoke.ts';
import { inClinicOf } from './clinic-of.ts';
import { type Command, UsageError, UserError } from './command.ts';
import { adminSettings, asOwner } from './settings.ts';

export const keyRevokeCommand: Command = {
  name: 'key revoke',
  usage: '<clinic-slug> <id>',
  summary: 'shuts a key out, from its next request on',
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const [slug, id = '', ...more] = positionals;
    if (slug === undefined || id === '' || more.length > 0)
      throw new UsageError('Name the clinic and the id of the key.');
    const isRevoked = await asOwner(adminSettings(), (db) =>
      inClinicOf(db, slug, async (tx, clinicId) => isUuid(id) && (await revokeApiKey(tx, clinicId, id, Date.now()))),
    );
    if (!isRevoked)
      throw new UserError(`The clinic has no key in use with this id. See: npm run admin -- key list ${slug}`);
    console.log('The key is revoked.');
  },
};

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
