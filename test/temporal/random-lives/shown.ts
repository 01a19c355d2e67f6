import type { Instant } from '../../../domain/interval.ts';
import type { Model } from './model.ts';

/** The appointment as the API answers it. */
export function shownVisit({ visit, world }: Model): Record<string, unknown> {
  const fields = Object.entries(visit).map(([name, value]) => {
    const isInstant = /(At|By|Until)$/.test(name) && typeof value === 'number';
    return [name, isInstant ? shownInstant(value) : value] as const;
  });
  return { ...Object.fromEntries(fields), timeZone: world.zone };
}

export function shownInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
