import { parseArgs } from 'node:util';
import { listApiKeys } from '../../db/queries/api-keys.ts';
import { formatInstant } from '../../domain/clinic-time.ts';
import { inClinicOf } from './clinic-of.ts';
import { type Command, UsageError } from './command.ts';
import { adminSettings, asOwner } from './settings.ts';

export const keyListCommand: Command = {
  name: 'key list',
  usage: '<clinic-slug>',
  summary: "shows a clinic's keys: who uses them, not what they are",
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const [slug, ...more] = positionals;
    if (slug === undefined || more.length > 0) throw new UsageError('Name one clinic by its slug.');
    const keys = await asOwner(adminSettings(), (db) => inClinicOf(db, slug, listApiKeys));
    if (keys.length === 0) return console.log(`The clinic has no key yet: npm run admin -- key create ${slug} …`);
    for (const { id, name, scopes, createdAt, revokedAt } of keys) {
      const revoked = revokedAt === null ? '' : `, revoked ${formatInstant(revokedAt)}`;
      console.log(`${id}  ${name}\n    speaks for ${scopes.join(', ')}; made ${formatInstant(createdAt)}${revoked}`);
    }
  },
};
