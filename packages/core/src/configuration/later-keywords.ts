/** Adds keywords of JSON Schema 2019-09 to Ajv, which supports draft 7 by default. TypeBox emits them. */
import type { Ajv } from 'ajv';
import dependentSchemas from 'ajv/dist/vocabularies/applicator/dependentSchemas.js';
import dependentRequired from 'ajv/dist/vocabularies/validation/dependentRequired.js';

type Keyword = typeof dependentRequired.default;

/** Adds `dependentRequired` and `dependentSchemas`, which Ajv would ignore without strict mode. */
export function addLaterKeywords(ajv: Ajv): void {
  ajv.addVocabulary([dependentRequired, dependentSchemas].map(keywordIn));
}

// In Node, the default export is the CommonJS module; in other loaders, it is the module's own default.
function keywordIn(module: Keyword | { readonly default: Keyword }): Keyword {
  return 'keyword' in module ? module : module.default;
}
