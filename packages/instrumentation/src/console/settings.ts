/** The configuration of an application as it may be shown: keys, values and where they come from, but nothing that looks like a secret. */
import { type ApplicationContext, type ConfigurationValue, withoutCredentials } from '@tsukimi/core';

export interface ShownSetting {
  /** `metrics.allowed_ips` */
  readonly key: string;
  /** As YAML or JSON would have it; null if it looks like a secret. */
  readonly value: string | null;
  readonly isDefault: boolean;
  /** `application.yml:6`, `environment TSUKIMI_SERVER_PORT`, `default` */
  readonly source: string;
}

/** A word in a key that names a secret, or may: what is hidden without need can be read in the file. */
const SECRET_WORD =
  /^(pass|passwd|password|passphrase|passcode|pwd|pin|otp|secrets?|tokens?|keys?|apikeys?|credentials?|auth|authorization|bearer|jwt|signature|sig|signing|dsn|connection|conn|sessions?|cookies?|salt|pepper|hash|private|cert|certs|certificates?|pem|seed|mnemonic|license|licence|webhooks?|headers?|user|username|login|account|sas|hmac|aes|rsa)$/;
const SECRET_PART = /(password|passwd|passphrase|secret|credential|apikey|privatekey|accesskey|authtoken)/;

const LONGEST_VALUE = 300;

/** Long texts of letters and digits mixed, which no person writes: tokens, keys, hashes. */
const RANDOM = /(?=[\w+/=.~-]*\d)(?=[\w+/=.~-]*[a-z])[\w+/=~-]{20,}/i;

export function shownSettings({ configuration }: Pick<ApplicationContext, 'configuration'>): readonly ShownSetting[] {
  return configuration.namespaces
    .flatMap((name) => flattened(name, configuration.get(name)))
    .map(({ key, value }) => {
      const source = configuration.placeOf(key);
      return { key, value: shownValue(key, value), isDefault: source === 'default', source };
    });
}

interface Entry {
  readonly key: string;
  readonly value: ConfigurationValue;
}

function flattened(key: string, value: ConfigurationValue | undefined): Entry[] {
  if (value === undefined) return [];
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isMapping ? Object.entries(value as Readonly<Record<string, ConfigurationValue>>) : [];
  return entries.length === 0 ? [{ key, value }] : entries.flatMap(([name, inner]) => flattened(`${key}.${name}`, inner));
}

/** Null if the key or the value looks like a secret. */
export function shownValue(key: string, value: ConfigurationValue): string | null {
  if (typeof value === 'boolean' || value === null) return String(value);
  if (namesSecret(key) || holdsSecret(value)) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}

function namesSecret(key: string): boolean {
  const words = key
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);
  return words.some((word) => SECRET_WORD.test(word)) || SECRET_PART.test(words.join(''));
}

function holdsSecret(value: ConfigurationValue): boolean {
  if (typeof value === 'string')
    return withoutCredentials(value) !== value || /^[a-z][\w+.-]*:\/\/[^/]*@/i.test(value) || RANDOM.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]: [string, ConfigurationValue]) => namesSecret(name) || holdsSecret(inner));
}
