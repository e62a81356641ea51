/** `@OnStart`, `@BeforeDrain` and `@OnStop`: which methods of a component run when the application starts and stops. */
import 'reflect-metadata';
import { rememberDecorated } from '../components/decorated-members.js';
import type { Class } from '../components/definition.js';
import { requireCall } from '../decorators/decorator-use.js';
import { decoratorOnStaticMember } from '../decorators/errors.js';

type Phase = 'start' | 'drain' | 'stop';
type HookDecorator = (prototype: object, method: string | symbol) => void;

const HOOKS: Readonly<Record<Phase, symbol>> = {
  start: Symbol('tsukimi:on-start'),
  drain: Symbol('tsukimi:before-drain'),
  stop: Symbol('tsukimi:on-stop'),
};

/** Runs a method, and awaits it, when everything is constructed, after the start hooks of the components that its own depends on. */
export function OnStart(): HookDecorator;
export function OnStart(...given: readonly unknown[]): HookDecorator {
  requireCall('@OnStart', given);
  return hookDecorator('start', '@OnStart()');
}

/**
 * Runs a method, and awaits it, when the application begins to stop, while requests are still served.
 *
 * Use it to end responses that do not end by themselves, such as server-sent events and WebSockets. Otherwise, the shutdown waits for them.
 */
export function BeforeDrain(): HookDecorator;
export function BeforeDrain(...given: readonly unknown[]): HookDecorator {
  requireCall('@BeforeDrain', given);
  return hookDecorator('drain', '@BeforeDrain()');
}

/** Runs a method, and awaits it, when the application stops, before the stop hooks of the components that its own depends on. */
export function OnStop(): HookDecorator;
export function OnStop(...given: readonly unknown[]): HookDecorator {
  requireCall('@OnStop', given);
  return hookDecorator('stop', '@OnStop()');
}

/**
 * The names of the methods to run, base classes first; an overridden method appears once.
 * @param until a base class; its hooks and those of its own base classes are left out.
 */
export function hooksOf(prototype: object | null, phase: Phase, until?: Class): readonly (string | symbol)[] {
  if (prototype === null || prototype === until?.prototype) return [];
  return [...new Set([...hooksOf(Object.getPrototypeOf(prototype), phase, until), ...ownHooks(prototype, phase)])];
}

/** Runs a component's hooks one after the other. Methods are looked up on the instance, because extensions may have wrapped them there. */
export async function runHooks(instance: object, phase: Phase, until?: Class): Promise<void> {
  for (const method of hooksOf(Object.getPrototypeOf(instance), phase, until)) await Reflect.get(instance, method).call(instance);
}

function hookDecorator(phase: Phase, decorator: string): HookDecorator {
  return (prototype, method) => {
    if (typeof prototype === 'function') throw decoratorOnStaticMember(decorator, prototype, method);
    rememberDecorated(prototype);
    Reflect.defineMetadata(HOOKS[phase], [...ownHooks(prototype, phase), method], prototype);
  };
}

function ownHooks(prototype: object, phase: Phase): readonly (string | symbol)[] {
  return Reflect.getOwnMetadata(HOOKS[phase], prototype) ?? [];
}
