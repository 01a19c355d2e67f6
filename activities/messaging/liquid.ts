import { Liquid, type LiquidOptions } from 'liquidjs';

const safe: LiquidOptions = {
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  // Without it an `include` would look at the disk.
  templates: {},
  parseLimit: 10_000,
  renderLimit: 500,
  memoryLimit: 100_000,
};

const plain = new Liquid(safe);
const escaping = new Liquid({ ...safe, outputEscape: 'escape' });

/** Fills a template for plain text; a name in it that looks like a template is not read as one. */
export function fillText(template: string, values: object): string {
  return plain.parseAndRenderSync(template, values) as string;
}

/** Fills a template for HTML: every value is escaped. */
export function fillHtml(template: string, values: object): string {
  return escaping.parseAndRenderSync(template, values) as string;
}
