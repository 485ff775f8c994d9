// Our JSON kinds are held to the schemas that the repository gives out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const FOLDER = join(import.meta.dirname, '..', '..', 'src', 'report', 'schema');

/** @param name as in `NAME.schema.json` */
export function schemaOf(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
  return ajv.compile(JSON.parse(readFileSync(join(FOLDER, `${name}.schema.json`), 'utf8')) as object);
}

/** What it finds wrong, as text; '' where nothing is. */
export function faults(validate: ValidateFunction, value: unknown): string {
  return validate(value) ? '' : JSON.stringify(validate.errors, null, 2);
}

type Json = Record<string, unknown>;

/** The value once for each field that it has, at any depth, without that field; the first element of each list stands for all. */
export function* lacking(value: unknown): Generator<[path: string, without: unknown]> {
  if (Array.isArray(value)) {
    const [first, ...rest] = value as unknown[];
    for (const [path, without] of lacking(first)) yield [`0.${path}`, [without, ...rest]];
  } else if (value !== null && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) {
      const { [key]: _, ...others } = value as Json;
      yield [key, others];
      for (const [path, without] of lacking(inner)) yield [`${key}.${path}`, { ...value, [key]: without }];
    }
}
