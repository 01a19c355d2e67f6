import { html, raw } from 'hono/html';
import { type Field, type Operation, type Schema, fieldsOf, nameOf, typeOf } from './describe.ts';
import { style } from './style.ts';

type Html = ReturnType<typeof html>;

interface DocsView {
  operations: readonly Operation[];
  schemas: Readonly<Record<string, Schema>>;
  title: string;
  description: string;
  origin: string;
}

/** The API on one page, drawn from its own description: nothing to load, nothing to run. */
export function docsPage({ operations, schemas, title, description, origin }: DocsView): Html {
  const tags = [...new Set(operations.map((operation) => operation.tag))];
  const tagged = tags.map((tag) => ({ tag, calls: operations.filter((operation) => operation.tag === tag) }));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${raw(`<style>${style}</style>`)}
      </head>
      <body>
        ${contents(tagged, Object.keys(schemas))}
        <main>
          <h1>${title}</h1>
          ${paragraphs(description)}
          <pre>curl -H 'Authorization: Bearer vk_test_kallio_staff' ${origin}/v1/visit-types</pre>
          ${tagged.map(
            ({ tag, calls }) =>
              html`<h2>${tag}</h2>
                ${calls.map(article)}`,
          )}
          <h2>Shapes</h2>
          ${Object.entries(schemas).map(
            ([name, schema]) =>
              html`<article>
                <h3 id="${name}">${name}</h3>
                ${table(fieldsOf(schema))}
              </article>`,
          )}
        </main>
      </body>
    </html>`;
}

function contents(tagged: readonly { tag: string; calls: readonly Operation[] }[], shapes: readonly string[]): Html {
  return html`<nav aria-label="Contents">
    <span class="brand">Vuoro</span>
    ${tagged.map(
      ({ tag, calls }) =>
        html`<h2>${tag}</h2>
          <ul>
            ${calls.map(({ id, summary }) => html`<li><a href="#${id}">${summary}</a></li>`)}
          </ul>`,
    )}
    <h2>Shapes</h2>
    <ul>
      ${shapes.map((name) => html`<li><a href="#${name}">${name}</a></li>`)}
    </ul>
  </nav>`;
}

function article({ id, method, path, summary, description, parameters, body, responses }: Operation): Html {
  return html`<article>
    <h3 id="${id}">${summary}</h3>
    <code class="call"><b class="${method}">${method.toUpperCase()}</b>${path}</code>
    ${description ? paragraphs(description) : ''}
    ${
      parameters.length > 0
        ? html`<h4>Parameters</h4>
            ${table(parameters)}`
        : ''
    }
    ${
      body
        ? html`<h4>Body</h4>
            <p>${linked(body)}</p>`
        : ''
    }
    <h4>Answers</h4>
    <table>
      ${responses.map(
        (response) =>
          html`<tr>
            <td>${response.status} ${response.status < '300' ? linked(response.schema) : ''}</td>
            <td>${prose(response.description)}</td>
          </tr>`,
      )}
    </table>
  </article>`;
}

function table(fields: readonly Field[]): Html {
  return html`<table>
    ${fields.map(
      ({ name, type, isRequired, description }) =>
        html`<tr>
          <td><code>${name}</code>${isRequired ? '' : html` <span class="soft">optional</span>`}</td>
          <td>${typeLink(type)} ${description ? html`<br /><span class="soft">${prose(description)}</span>` : ''}</td>
        </tr>`,
    )}
  </table>`;
}

function linked(schema: Schema | undefined): Html | string {
  return schema ? typeLink(nameOf(schema) ?? typeOf(schema)) : '';
}

/** Names of shapes, which begin with a capital letter, lead to them. */
function typeLink(type: string): Html {
  const parts = type.split(/\b([A-Z]\w+)\b/);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<a href="#${part}">${part}</a>` : part))}`;
}

function paragraphs(text: string): Html[] {
  return text.split('\n\n').map((paragraph) => html`<p>${prose(paragraph)}</p>`);
}

function prose(text: string): Html {
  const parts = text.split('`');
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
