// docs/reference/json.md: the fields of our JSON kinds, from their JSON Schemas.
import { readdirSync, readFileSync } from 'node:fs';
import { code, tableOf, type Document } from './document.ts';

const FOLDER = 'src/report/schema';

interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

export function jsonDocument(): Document {
  const schemas = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.schema.json'))
    .sort()
    .map((file) => ({ file, schema: JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Schema }));
  return {
    path: 'docs/reference/json.md',
    text: [
      '# JSON and YAML',
      '',
      'What `-o json` and `-o yaml` print of our own. Fields may be added; those marked *always* stay. Ids of findings and',
      'checks are in [findings](../findings/README.md).',
      ...schemas.flatMap(({ file, schema }) => sectionOf(file, schema)),
      '',
    ].join('\n'),
  };
}

function sectionOf(file: string, schema: Schema): string[] {
  const definitions = Object.entries(schema.$defs ?? {});
  return [
    '',
    `## ${schema.title ?? file}`,
    '',
    ...(schema.description ? [literal(schema.description), ''] : []),
    `Schema: [${file}](../../${FOLDER}/${file})`,
    '',
    ...fieldTable(schema),
    ...definitions.flatMap(([name, definition]) => [
      '',
      `### ${schema.title ?? file}: ${name}`,
      '',
      ...(definition.description ? [literal(definition.description), ''] : []),
      ...(definition.properties ? fieldTable(definition) : [`${typeOf(definition)}`]),
    ]),
  ];
}

function fieldTable(schema: Schema): string[] {
  return tableOf(['Field', 'Type', '', 'What it is'], rowsOf(schema, ''));
}

// Objects within are told by their path; what has a name of its own has a table of its own.
function rowsOf(schema: Schema, before: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]): string[][] => {
    const path = `${before}${name}`;
    const own = [
      code(path),
      typeOf(property),
      schema.required?.includes(name) ? 'always' : '',
      literal(property.description ?? ''),
    ];
    const within = (property.oneOf ?? property.anyOf ?? []).filter(({ properties }) => properties);
    if (property.items?.properties) return [own, ...rowsOf(property.items, `${path}[].`)];
    return [own, ...[property, ...within].flatMap((inner) => rowsOf(inner, `${path}.`))];
  });
}

function typeOf(schema: Schema): string {
  const several = schema.oneOf ?? schema.anyOf;
  if (several) return [...new Set(several.map(typeOf))].join(' or ');
  if (schema.$ref) return schema.$ref.replace(/^.*\//, '');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(', ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  return [schema.type ?? 'any'].flat().join(' or ');
}

function literal(text: string): string {
  return text.replace(/([*_<>[\]])/g, '\\$1').replace(/`([^`]*)`/g, (span) => span.replaceAll('\\', ''));
}
