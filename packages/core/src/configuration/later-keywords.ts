/** Keywords of JSON Schema 2019-09 beside draft 7, which is what Ajv knows by default: TypeBox writes them. */
import type { Ajv } from 'ajv';
import dependentSchemas from 'ajv/dist/vocabularies/applicator/dependentSchemas.js';
import dependentRequired from 'ajv/dist/vocabularies/validation/dependentRequired.js';

type Keyword = typeof dependentRequired.default;

/** Lets Ajv know `dependentRequired` and `dependentSchemas`: without strict mode it would ignore them. */
export function addLaterKeywords(ajv: Ajv): void {
  ajv.addVocabulary([dependentRequired, dependentSchemas].map(keywordIn));
}

// Node gives the CommonJS module as the default, other loaders its own default.
function keywordIn(module: Keyword | { readonly default: Keyword }): Keyword {
  return 'keyword' in module ? module : module.default;
}
