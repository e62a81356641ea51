/** The errors of `@Value`. */
import type { ConfigurationValue } from '../configuration/configuration.js';
import { environmentName } from '../configuration/environment-name.js';
import { ApplicationError } from '../errors/application-error.js';
import { describeReceived } from '../errors/received.js';
import { nameOf } from '../errors/wording.js';
import { describeSite, type ParameterSite } from './parameters.js';

/** The text given to `@Value` cannot be read. */
export function malformedValueExpression(text: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_VALUE_EXPRESSION',
    `@Value() was given ${describeReceived(text)} without a complete placeholder. Write '\${key}' or '\${key:default}', for example '\${server.port:8000}'.`,
  );
}

/** No source has the key of a `@Value`. */
export function valueMissing(site: ParameterSite, key: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_VALUE_MISSING',
    `${describeSite(site)} asks for the configuration key ${key}, which no source has. Set it in application.yml or as ${environmentName(key)}, or write a default: '\${${key}:...}'.`,
  );
}

/** The value of a `@Value` does not fit its parameter. */
export function valueNotConvertible(
  site: ParameterSite,
  found: { key: string; value: ConfigurationValue; source: string; type: string; isShown: boolean },
): ApplicationError {
  const { key, value, source, type, isShown } = found;
  return new ApplicationError(
    'TSK_ERR_COMPONENT_VALUE_CONVERSION',
    `${describeSite(site)} is declared as ${type}, but ${key} is ${describeReceived(value, { key, isPlain: isShown })} (${source}). Change the value, or the parameter's type.`,
  );
}

/** A number that may be meant as text, for a parameter without a type. The value is not shown, because it may be part of a secret. */
export function valueAmbiguous(site: ParameterSite, { key, source }: { key: string; source: string }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_VALUE_AMBIGUOUS',
    `${describeSite(site)} gets ${key}, which is written as a number whose text would be lost (${source}), as in 1.10 or 0049, and the type of the parameter doesn't say which is meant. Put it in quotes for the text, or write the number in its shortest form: 1.1, 49.`,
  );
}

/** A `@Value` parameter has a type that configuration values can't have. */
export function valueTypeUnsupported(site: ParameterSite, type: unknown): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_COMPONENT_VALUE_TYPE',
    `${describeSite(site)} has @Value and is declared as ${nameOf(type)}. Declare it as number, string, boolean or an array.`,
  );
}
