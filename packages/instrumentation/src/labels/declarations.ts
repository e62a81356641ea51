/** What users declare of labels that a function computes: their values, or how many there can be. */
import { isLabelName, type LabelValue } from '@tsukimi/metrics';
import { printed } from '../errors.js';
import { DEFAULT_MAX_VALUES, type LabelDeclaration, MOST_VALUES, RESERVED_LABEL_VALUES, textOf } from './bounds.js';

/** Each label that a function computes. */
export type LabelDeclarations = Readonly<Record<string, LabelDeclaration>>;

/** The values that a function computes: one for each label that is declared, and no others. */
export type ComputedLabels<V, R> = R & { readonly [L in Exclude<keyof R, keyof V>]: never };

/** What a computed value can be for each declared label. */
export type LabelValuesFor<V> = { readonly [L in keyof V]: LabelValue };

/** What is wrong with declarations. */
export interface DeclarationFault {
  readonly what: string;
  readonly allowed: string;
}

/** Returns declarations that later changes of the given ones don't affect. */
export function copyOf(declarations: LabelDeclarations): LabelDeclarations {
  const entries = Object.entries(declarations).map(([name, declaration]) => [
    name,
    Array.isArray(declaration) ? [...declaration] : { ...declaration },
  ]);
  return Object.fromEntries(entries);
}

/** Returns the first mistake in a declaration; undefined if there is none. */
export function declarationFault(declarations: unknown): DeclarationFault | undefined {
  if (typeof declarations !== 'object' || declarations === null || Array.isArray(declarations))
    return {
      what: `labelValues: ${printed(declarations)}`,
      allowed: "labelValues such as { tier: ['free', 'paid'], country: { maxValues: 50 } }",
    };
  const entries = Object.entries(declarations);
  if (entries.length === 0) return { what: 'labelValues without a label', allowed: "labelValues such as { tier: ['free', 'paid'] }" };
  for (const [label, declaration] of entries) {
    const fault = faultOf(label, declaration);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(label: string, declaration: unknown): DeclarationFault | undefined {
  if (!isLabelName(label))
    return {
      what: `labelValues with ${JSON.stringify(label)}, which is not a label name`,
      allowed:
        'letters, digits and underscores, not starting with a digit or with two underscores; "le" and "quantile" are reserved by Prometheus',
    };
  if (Array.isArray(declaration)) return listFault(label, declaration);
  if (typeof declaration !== 'object' || declaration === null)
    return {
      what: `labelValues.${label}: ${printed(declaration)}`,
      allowed: "a list of values, such as ['free', 'paid'], or { maxValues: 20 }",
    };
  const unknown = Object.keys(declaration).find((key) => key !== 'maxValues');
  if (unknown !== undefined)
    return { what: `labelValues.${label} with an unknown key, ${JSON.stringify(unknown)}`, allowed: 'maxValues only' };
  const { maxValues = DEFAULT_MAX_VALUES } = declaration as { readonly maxValues?: unknown };
  if (!Number.isInteger(maxValues) || Number(maxValues) < 1 || Number(maxValues) > MOST_VALUES)
    return { what: `labelValues.${label}.maxValues: ${printed(maxValues)}`, allowed: `an integer from 1 to ${MOST_VALUES}` };
  return undefined;
}

function listFault(label: string, values: readonly unknown[]): DeclarationFault | undefined {
  if (values.length === 0) return { what: `labelValues.${label} without values`, allowed: 'at least one value, or { maxValues: 20 }' };

  for (const [index, value] of values.entries()) {
    if (textOf(value) === undefined)
      return { what: `labelValues.${label}[${index}]: ${printed(value)}`, allowed: 'texts, numbers or booleans' };
    if (RESERVED_LABEL_VALUES.includes(String(value)))
      return {
        what: `labelValues.${label}[${index}]: ${String(value)}, which is reserved`,
        allowed: `another value: ${RESERVED_LABEL_VALUES.join(', ')} are added automatically`,
      };
  }
  return undefined;
}
