/** The decorators that make a class a component and define what is injected. */
import 'reflect-metadata';
import { inject } from 'tsyringe';
import type { Configuration as LayeredValues } from '../configuration/configuration.js';
import { requireOptions } from '../decorators/decorator-use.js';
import { decoratorArgument, decoratorNotCalled, decoratorOnProperty } from '../decorators/errors.js';
import { declareComponent } from './declared-components.js';
import type { ComponentKind, ConcreteClass, Scope, Token } from './definition.js';
import { setParameterSource } from './parameters.js';
import { parseValueExpression } from './parse-value-expression.js';

/** The type of an application's configuration. As a decorator, `Configuration` marks a class with `@Provider` methods. */
export type Configuration = LayeredValues;

/** Options of `@Component`, `@Service` and `@Repository`. */
export interface ComponentOptions {
  /**
   * The component's name in errors, and its `component` label in metrics.
   * @default the name of the class
   */
  readonly name?: string;
  /**
   * How long an instance lives.
   * @default 'singleton'
   */
  readonly scope?: Scope;
}

type RoleDecorator = (target: ConcreteClass) => void;
type InjectionDecorator = (target: object, key: string | symbol | undefined, index: number) => void;

/** Makes a class a component: the container constructs it and injects it by its type. */
export function Component(options?: ComponentOptions): RoleDecorator {
  return role('component', '@Component', options);
}

/** Makes a class a component that contains business logic. */
export function Service(options?: ComponentOptions): RoleDecorator {
  return role('service', '@Service', options);
}

/** Makes a class a component that reads and writes stored data. */
export function Repository(options?: ComponentOptions): RoleDecorator {
  return role('repository', '@Repository', options);
}

/** Makes a class a component whose `@Provider` methods create other components. */
export function Configuration(options?: Pick<ComponentOptions, 'name'>): RoleDecorator {
  return role('configuration', '@Configuration', options);
}

/**
 * Sets the token by which a parameter of a constructor or of a `@Provider` method is injected.
 *
 * It is required if the parameter's type is not a class (for example an interface or a function), and for every parameter if the
 * compiler emits no decorator metadata.
 */
export function Inject(token: Token): InjectionDecorator {
  if (!TOKEN_TYPES.has(typeof token)) throw decoratorArgument('@Inject', token, NO_TOKEN);
  return (target, key, index) => {
    requireParameter('@Inject', { target, key, index });
    setParameterSource(target, key, { index, source: { token } });
    // So that a plain tsyringe container, for example in a unit test, injects the same.
    if (key === undefined) inject(token as ConcreteClass)(target, key, index);
  };
}

/**
 * Injects a value of the configuration into a parameter of a constructor or of a `@Provider` method.
 *
 * @param expression `${key}` or `${key:default}`, optionally with text around it. The value is converted to the parameter's
 *   declared type: `number`, `string`, `boolean` or an array. If the type is unknown, the value keeps its YAML type.
 * @throws TSK_ERR_COMPONENT_VALUE_EXPRESSION if the expression has no placeholder or an unclosed one.
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

// A decorator on a property is called like one on a parameter, but without a position.
function requireParameter(decorator: string, { target, key, index }: InjectionPlace): void {
  if (typeof index !== 'number') throw decoratorOnProperty(decorator, target, key ?? '');
}

function role(kind: ComponentKind, decorator: string, options: ComponentOptions | undefined): RoleDecorator {
  // `@Service` without parentheses would replace the class with a function.
  if (options !== undefined) requireOptions(decorator, options, `Write ${decorator}({ name: '...' }) to give it a name.`);
  return (target) => declareComponent(target, { kind, ...options });
}
