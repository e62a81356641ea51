/** The answer for the settings. */

/** `GET settings`. */
export interface Settings {
  readonly settings: Setting[];
  readonly profiles: string[];
}

export interface Setting {
  /** `metrics.allowed_ips` */
  readonly key: string;
  /** As YAML would have it; null if it looks like a secret. */
  readonly value: string | null;
  readonly isSecret: boolean;
  readonly isDefault: boolean;
  /** `application.yml:6`, an environment variable, ... */
  readonly source: string;
}
