/** Holds a compose file against the compose specification. */
import { Ajv } from 'ajv';
import { projectYaml } from './project.js';

/** As published, under the Apache License 2.0: @see https://github.com/compose-spec/compose-spec/tree/main/schema */
const SCHEMA = 'test/support/compose-spec.schema.json';

/** What is wrong with a compose file, in Ajv's words; empty where nothing is. */
export function composeErrors(compose: unknown): string[] {
  // The schema names its dialect by an address that Ajv does not know it by; draft 7 is Ajv's own default.
  const { $schema: _, ...schema } = projectYaml<{ $schema: string }>(SCHEMA);
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
  validate(compose);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
