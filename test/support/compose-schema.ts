/** Holds a compose file against the compose specification. */
import { existsSync } from 'node:fs';
import { Ajv } from 'ajv';
import { projectPath, projectYaml } from './project.js';
import { isContinuousIntegration } from './server-binary.js';

const SCHEMA = '../shared/data/compose-spec.schema.json';

/** Why tests that need the schema are skipped; undefined where it is there. In CI, reading what is missing fails the test. */
export function composeSchemaSkipReason(): string | undefined {
  if (existsSync(projectPath(SCHEMA)) || isContinuousIntegration()) return undefined;
  const reason = `the compose specification's schema is not at ${projectPath(SCHEMA)}`;
  console.warn(`skipped: ${reason}`);
  return reason;
}

/** What is wrong with a compose file, in Ajv's words; empty where nothing is. */
export function composeErrors(compose: unknown): string[] {
  // The schema names its dialect by an address that Ajv does not know it by; draft 7 is Ajv's own default.
  const { $schema: _, ...schema } = projectYaml<{ $schema: string }>(SCHEMA);
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
  validate(compose);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
