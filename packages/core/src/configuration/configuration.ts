/** The layered configuration of one application, as components and extensions read it. */
import type { Static, TSchema } from 'typebox';

/** A plain value as YAML or the environment gives it. */
export type ConfigurationValue =
  | string
  | number
  | boolean
  | null
  | readonly ConfigurationValue[]
  | { readonly [key: string]: ConfigurationValue };

/** The layered configuration: `application.yml`, then the profile's file, then the environment; later wins. */
export interface Configuration {
  /** The active profile, or undefined. */
  readonly profile: string | undefined;
  /** The value at a dotted key such as `mail.host`, or undefined where no source has it. Environment values are strings. */
  get(key: string): ConfigurationValue | undefined;
  /** Where the value at a key comes from: `application.yml`, `application-prod.yml`, `environment TSUKIMI_MAIL_HOST`, or `default`. */
  sourceOf(key: string): string;
  /** The same for messages, with the line where there is one: `application.yml:12`. Entries of lists have places too: `mail.to[1]`. */
  placeOf(key: string): string;
  /**
   * A top-level namespace, validated and with the schema's defaults filled in.
   * An unknown key in it is logged as a warning with the nearest known key.
   *
   * Two annotations of a schema are understood: `shown: true` (numbers, truth values and words that the schema lists may stand in
   * messages), and `emptyMeansAll: true` for a list (a later source may not empty it).
   * @throws TSK_ERR_CONFIGURATION_VALUE naming key, place, type and what is allowed.
   */
  namespace<S extends TSchema>(name: string, schema: S): Static<S>;
}
