/** The decorators that give a class its role and say what is injected. */
import 'reflect-metadata';
import { inject } from 'tsyringe';
import type { Configuration as LayeredValues } from '../configuration/configuration.js';
import { requireOptions } from '../decorators/decorator-use.js';
import { decoratorArgument, decoratorNotCalled, decoratorOnProperty } from '../decorators/errors.js';
import { declareComponent } from './declared-components.js';
import type { ComponentKind, ConcreteClass, Scope, Token } from './definition.js';
import { setParameterSource } from './parameters.js';
import { parseValueExpression } from './parse-value-expression.js';

/** As a type, `Configuration` is what an application's sources say; as a decorator, it marks a class of providers. */
export type Configuration = LayeredValues;

/** What a role decorator may be told. */
export interface ComponentOptions {
  /** Its name in errors, and its `component` label; the class's name unless given. */
  readonly name?: string;
  /** How long an instance lives; `singleton` unless given. */
  readonly scope?: Scope;
}

type RoleDecorator = (target: ConcreteClass) => void;
type InjectionDecorator = (target: object, key: string | symbol | undefined, index: number) => void;

/** Makes a class a component: constructed by the container, injectable by its type. */
export function Component(options?: ComponentOptions): RoleDecorator {
  return role('component', '@Component', options);
}

/** A component that holds business logic. */
export function Service(options?: ComponentOptions): RoleDecorator {
  return role('service', '@Service', options);
}

/** A component that reads and writes stored data. */
export function Repository(options?: ComponentOptions): RoleDecorator {
  return role('repository', '@Repository', options);
}

/** A component whose `@Provider` methods make other components. */
export function Configuration(options?: Pick<ComponentOptions, 'name'>): RoleDecorator {
  return role('configuration', '@Configuration', options);
}

/**
 * Says by which token a parameter of a constructor or of a `@Provider` method is injected.
 *
 * Needed where the parameter's type is no class (an interface, a function), and for every parameter where the compiler
 * emits no decorator metadata.
 */
export function Inject(token: Token): InjectionDecorator {
  if (!TOKEN_TYPES.has(typeof token)) throw decoratorArgument('@Inject', token, NO_TOKEN);
  return (target, key, index) => {
    requireParameter('@Inject', { target, key, index });
    setParameterSource(target, key, { index, source: { token } });
    // A plain tsyringe container, in a user's unit test say, then finds the same.
    if (key === undefined) inject(token as ConcreteClass)(target, key, index);
  };
}

/**
 * Injects a value of the configuration into a parameter of a constructor or of a `@Provider` method.
 *
 * @param expression `${key}` or `${key:default}`, with text around it if need be. The value is converted to the parameter's
 *   declared type: `number`, `string`, `boolean` or an array; where no type is known it stays as YAML has it.
 * @throws TSK_ERR_COMPONENT_VALUE_EXPRESSION where the expression has no placeholder or an unclosed one.
 */
export function Value(expression: string): InjectionDecorator {
  if (typeof expression !== 'string') throw decoratorNotCalled('@Value', expression);
  const parsed = parseValueExpression(expression);
  return (target, key, index) => {
    requireParameter('@Value', { target, key, index });
    setParameterSource(target, key, { index, source: { expression: parsed } });
  };
}

const TOKEN_TYPES: ReadonlySet<string> = new Set(['function', 'string', 'symbol']);
const NO_TOKEN =
  'Pass a class, a string or a symbol. If it is a class, its file and this one import each other: move what they share into a third file.';

interface InjectionPlace {
  readonly target: object;
  readonly key: string | symbol | undefined;
  readonly index: unknown;
}

// A decorator of a property is called like one of a parameter, but for the position.
function requireParameter(decorator: string, { target, key, index }: InjectionPlace): void {
  if (typeof index !== 'number') throw decoratorOnProperty(decorator, target, key ?? '');
}

function role(kind: ComponentKind, decorator: string, options: ComponentOptions | undefined): RoleDecorator {
  // `@Service` without its parentheses would replace the class by a function.
  if (options !== undefined) requireOptions(decorator, options, `Write ${decorator}({ name: '...' }) to give it a name.`);
  return (target) => declareComponent(target, { kind, ...options });
}
