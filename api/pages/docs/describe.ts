import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnv } from '../../deps.ts';

type Document = ReturnType<OpenAPIHono<ApiEnv>['getOpenAPI31Document']>;

/** As much of a JSON schema as our own routes use. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  default?: unknown;
}

export interface Field {
  name: string;
  type: string;
  isRequired: boolean;
  description: string;
}

export interface Operation {
  id: string;
  tag: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: Field[];
  body: Schema | undefined;
  responses: { status: string; description: string; schema: Schema | undefined }[];
}

interface RawOperation {
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>;
}

/** The operations in the order of the document. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, RawOperation>).map(([method, raw]) => operationOf(method, path, raw)),
  );
}

function operationOf(method: string, path: string, raw: RawOperation): Operation {
  return {
    id: `${method}${path.replaceAll(/[/{}]+/g, '-').replace(/-$/, '')}`,
    tag: raw.tags?.[0] ?? '',
    method,
    path,
    summary: raw.summary ?? '',
    description: raw.description ?? '',
    parameters: (raw.parameters ?? []).map(({ name, in: place, required, description, schema }) => ({
      name: place === 'header' ? headerName(name) : name,
      type: typeOf(schema),
      isRequired: required === true,
      description: description ?? schema?.description ?? '',
    })),
    body: firstSchema(raw.requestBody?.content),
    responses: Object.entries(raw.responses).map(([status, { description, content }]) => ({
      status,
      description,
      schema: firstSchema(content),
    })),
  };
}

function headerName(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

function firstSchema(content: Record<string, { schema?: Schema }> | undefined): Schema | undefined {
  return Object.values(content ?? {})[0]?.schema;
}

/** The named shapes, by name. */
export function schemasOf(document: Document): Record<string, Schema> {
  return document.components?.schemas ?? {};
}

export function nameOf(schema: Schema | undefined): string | undefined {
  return schema?.$ref?.split('/').at(-1);
}

export function fieldsOf(schema: Schema): Field[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    type: typeOf(property),
    isRequired: schema.required?.includes(name) ?? false,
    description: property.description ?? '',
  }));
}

/** The schema's type in a few words: "array of Slot", "date-time or null". */
export function typeOf(schema: Schema | undefined): string {
  if (!schema) return '';
  const name = nameOf(schema);
  if (name !== undefined) return name;
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items) return `array of ${typeOf(schema.items)}`;
  if (schema.properties) return `{ ${Object.entries(schema.properties).map(memberOf).join(', ')} }`;
  const types = [schema.type ?? 'anything'].flat();
  return types.map((type) => (type === 'string' ? (schema.format ?? type) : type)).join(' or ');
}

function memberOf([name, schema]: [string, Schema]): string {
  return schema.items ? `${name}: ${typeOf(schema)}` : name;
}
