import type postgres from 'postgres';
import type { passingFaults } from '../../support/faults.ts';
import { type Answer, type Product, callApi } from '../../support/product.ts';
import type { Sent } from './requests.ts';
import type { World } from './world.ts';

/** What lives are lived on. */
export interface Stage {
  product: Product;
  /** The database owner's. */
  sql: postgres.Sql;
  faults: ReturnType<typeof passingFaults>;
  /** Told of everything that came about: changes, messages, refusals. */
  count: (what: string) => void;
}

/** As callers are told to do it: again, as long as the answer is 503. */
export async function send(stage: Stage, world: World, request: Sent<unknown>): Promise<Answer> {
  const { path, body, key: idempotencyKey } = request;
  const answer = await callApi(stage.product.apiUrl, world.clinic.staffKey, 'POST', path, { body, idempotencyKey });
  return answer.status === 503 ? send(stage, world, request) : answer;
}
