/** The public interface of the configuration. */
import type { Static, TSchema } from 'typebox';

/** A plain value, as read from YAML or the environment. */
export type ConfigurationValue =
  | string
  | number
  | boolean
  | null
  | readonly ConfigurationValue[]
  | { readonly [key: string]: ConfigurationValue };

/** The layered configuration of an application: `application.yml`, then the profile's file, then the environment. Later layers override earlier ones. */
export interface Configuration {
  /** The active profile; undefined if there is none. */
  readonly profile: string | undefined;
  /** The top-level namespaces that a source has, or that were read. */
  readonly namespaces: readonly string[];
  /** Returns the value of a dotted key such as `mail.host`; undefined if no source has it. Values from the environment are strings. */
  get(key: string): ConfigurationValue | undefined;
  /** Returns the source of a key's value: `application.yml`, `application-prod.yml`, `environment TSUKIMI_MAIL_HOST`, or `default`. */
  sourceOf(key: string): string;
  /** Like `sourceOf`, for messages: with the line number if there is one, such as `application.yml:12`. List entries work too: `mail.to[1]`. */
  placeOf(key: string): string;
  /**
   * Returns a top-level namespace, validated and with the schema's defaults filled in. The value is a copy.
   * Unknown keys are logged as warnings, with the nearest known key.
   *
   * A schema can have three annotations: `shown: true` allows messages to show numbers, booleans and words that the schema lists;
   * `emptyMeansAll: true` on a list forbids later sources to empty it, and code to set it to undefined; `refusesUndefined: true` on any key only forbids
   * code to set it to undefined.
   * @throws TSK_ERR_CONFIGURATION_VALUE with the key, place, type and allowed values.
   */
  namespace<S extends TSchema>(name: string, schema: S): Static<S>;
}
