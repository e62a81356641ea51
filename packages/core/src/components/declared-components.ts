/** The process-wide list of decorated classes. Only decorators write to it. */
import 'reflect-metadata';
import { injectable } from 'tsyringe';
import { registerCopyOfCore } from './copies-of-core.js';
import { type DeclarationSite, declarationSite } from './declaration-site.js';
import { isDecorated } from './decorated-members.js';
import type { Class, ComponentKind, ConcreteClass, Scope, Token } from './definition.js';
import { componentDeclaredTwice } from './errors.js';

/** A decorated class with its options. */
export interface ComponentDeclaration {
  readonly target: ConcreteClass;
  readonly kind: ComponentKind;
  readonly scope: Scope;
  readonly name: string;
}

interface Entry {
  readonly declaration: ComponentDeclaration;
  readonly site: DeclarationSite | undefined;
  /** The turn of the event loop in which it was declared. */
  readonly turn: object;
  /** Shared with older evaluations of the same class. */
  readonly identity: object;
}

const PARAMETER_TYPES = 'design:paramtypes';
const current = new Map<Class, Entry>();
// By file, and by the class's name.
const currentByFile = new Map<string, Map<string, Set<Entry>>>();
// Classes whose older evaluation was removed and whose newer one is not declared yet; without the class itself, so that it can be collected.
const awaited = new Map<string, { readonly name: string; readonly position: number; readonly identity: object }[]>();
// Weak, so that classes of older evaluations can be collected.
const entries = new WeakMap<Class, Entry>();
const superseded = new WeakSet<Class>();
let turn: object | undefined;

registerCopyOfCore({
  url: import.meta.url,
  has: (type) => entries.has(type),
  decorates: isDecorated,
  components: () => declaredComponents().flatMap(({ kind, name }) => (kind === 'application' ? [] : name)),
});

/**
 * Declares a class as a component. Class decorators such as `@Service` call it.
 *
 * If a module is evaluated again, its classes replace the earlier classes of the same names.
 *
 * @param options.scope how long an instance lives; `singleton` by default.
 * @param options.name the name in errors and metrics; the name of the class by default.
 * @throws TSK_ERR_COMPONENT_DECLARED_TWICE if the class already has a role.
 */
export function declareComponent(target: ConcreteClass, options: { kind: ComponentKind; scope?: Scope; name?: string }): void {
  const existing = declarationOf(target);
  if (existing !== undefined) throw componentDeclaredTwice(target, existing.kind, options.kind);
  const { kind, scope = 'singleton', name = target.name } = options;
  applyInjectable(target);
  const declaration = { target, kind, scope, name };
  const site = declarationSite(declareComponent);
  const identity = site === undefined ? undefined : supersede(target, site);
  const entry: Entry = { declaration, site, turn: currentTurn(), identity: identity ?? {} };
  entries.set(target, entry);
  current.set(target, entry);
  if (site === undefined) return;
  const inFile = currentByFile.get(site.file) ?? new Map<string, Set<Entry>>();
  currentByFile.set(site.file, inFile.set(target.name, (inFile.get(target.name) ?? new Set()).add(entry)));
}

/** Returns all declared classes, each from the newest evaluation of its module, in the order in which they were imported. */
export function declaredComponents(): readonly ComponentDeclaration[] {
  return [...current.values()].map(({ declaration }) => declaration);
}

/** Returns the declaration of exactly this class, not of its base classes or of a newer evaluation. */
export function declarationOf(target: Class): ComponentDeclaration | undefined {
  return entries.get(target)?.declaration;
}

/** Whether a newer evaluation of its module has replaced a class, or a class that extends it. */
export function isSuperseded(type: Class): boolean {
  return superseded.has(type);
}

/** Returns a function that maps a class to the evaluation of the same class among `tokens`, and any other token to itself. */
export function sameClassAmong(tokens: Iterable<Token>): (token: Token) => Token {
  const known = new Set(tokens);
  const byIdentity = new Map<object, Token>();
  for (const token of known) {
    const identity = identityOf(token);
    if (identity !== undefined && !byIdentity.has(identity)) byIdentity.set(identity, token);
  }
  return (token) => {
    const identity = known.has(token) ? undefined : identityOf(token);
    return identity === undefined ? token : (byIdentity.get(identity) ?? token);
  };
}

function identityOf(token: Token): object | undefined {
  return typeof token === 'function' ? entries.get(token)?.identity : undefined;
}

// Removes older evaluations; if the module's text has changed, of all its classes. Returns the identity that the new class inherits.
function supersede({ name }: Class, site: DeclarationSite): object | undefined {
  const waiting = awaited.get(site.file) ?? [];
  for (const entry of olderThan(site, name)) {
    const { target } = entry.declaration;
    current.delete(target);
    currentByFile.get(site.file)?.get(target.name)?.delete(entry);
    markSuperseded(target);
    waiting.push({ name: target.name, position: entry.site?.position ?? 0, identity: entry.identity });
  }
  const namesakes = waiting.filter((each) => each.name === name);
  const taken = namesakes.find(({ position }) => position === site.position) ?? namesakes[0];
  if (waiting.length > 0) {
    awaited.set(
      site.file,
      waiting.filter((each) => each !== taken),
    );
  }
  return taken?.identity;
}

function markSuperseded(target: Class): void {
  for (let type: unknown = target; typeof type === 'function' && type !== Function.prototype; type = Object.getPrototypeOf(type)) {
    superseded.add(type as Class);
  }
}

function olderThan(site: DeclarationSite, name: string): readonly Entry[] {
  const inFile = currentByFile.get(site.file);
  const namesakes = [...(inFile?.get(name) ?? [])].filter((entry) => isOlder(entry, site));
  // All current classes of a file come from the same text, so one of them is enough.
  const any = firstOf(inFile);
  if (any?.site === undefined || any.site.textHash === site.textHash || any.site.textHash === '' || site.textHash === '') return namesakes;
  return [...(inFile?.values() ?? [])].flatMap((named) => [...named]);
}

function firstOf(inFile: ReadonlyMap<string, ReadonlySet<Entry>> | undefined): Entry | undefined {
  for (const named of inFile?.values() ?? []) for (const entry of named) return entry;
  return undefined;
}

// Two classes with the same name in one text, as bundlers make them of two files, are different classes. So are classes that one place declares
// in the same turn.
function isOlder({ site, turn: declaredIn }: Entry, newer: DeclarationSite): boolean {
  if (site?.textHash !== newer.textHash || site.url !== newer.url) return true;
  return site.position === newer.position && declaredIn !== currentTurn();
}

function currentTurn(): object {
  if (turn === undefined) {
    turn = {};
    // Not queueMicrotask, because fake timers replace it.
    void Promise.resolve().then(() => {
      turn = undefined;
    });
  }
  return turn;
}

// tsyringe writes the `@Inject` tokens into the array of parameter types that the compiler emitted. Pass a copy, so that later readers
// (a subclass that inherits the constructor, a user's own decorator) still find the types.
function applyInjectable(target: ConcreteClass): void {
  const emitted: unknown[] | undefined = Reflect.getMetadata(PARAMETER_TYPES, target);
  if (emitted === undefined) {
    injectable()(target);
    return;
  }
  const own = Reflect.hasOwnMetadata(PARAMETER_TYPES, target);
  Reflect.defineMetadata(PARAMETER_TYPES, [...emitted], target);
  injectable()(target);
  if (own) Reflect.defineMetadata(PARAMETER_TYPES, emitted, target);
  else Reflect.deleteMetadata(PARAMETER_TYPES, target);
}
