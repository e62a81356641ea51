/** The process-wide list of decorated classes: only decorators write it. */
import 'reflect-metadata';
import { injectable } from 'tsyringe';
import { registerCopyOfCore } from './copies-of-core.js';
import { type DeclarationSite, declarationSite } from './declaration-site.js';
import type { Class, ComponentKind, ConcreteClass, Scope, Token } from './definition.js';
import { componentDeclaredTwice } from './errors.js';

/** What a decorator said of a class. */
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
  /** Shared with the classes it takes the place of. */
  readonly identity: object;
}

const PARAMETER_TYPES = 'design:paramtypes';
const current = new Map<Class, Entry>();
// By file, and by the class's name.
const currentByFile = new Map<string, Map<string, Set<Entry>>>();
// Of classes whose older evaluation is out, until the newer one is declared: without the class, which may be collected.
const awaited = new Map<string, { readonly name: string; readonly position: number; readonly identity: object }[]>();
// Classes of older evaluations live as long as somebody else has them.
const entries = new WeakMap<Class, Entry>();
const superseded = new WeakSet<Class>();
let turn: object | undefined;

registerCopyOfCore({
  url: import.meta.url,
  has: (type) => entries.has(type),
  components: () => declaredComponents().flatMap(({ kind, name }) => (kind === 'application' ? [] : name)),
});

/**
 * Adds a class to the declared components; what a class decorator such as `@Service` does.
 *
 * A module that is evaluated again declares its classes again: the newest takes the place of the one of the same name.
 *
 * @param options.scope `singleton` unless given.
 * @param options.name the class's name unless given.
 * @throws TSK_ERR_COMPONENT_DECLARED_TWICE where the class has a role already.
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

/** Every declared class of the newest evaluation of its module, in the order in which the classes were imported. */
export function declaredComponents(): readonly ComponentDeclaration[] {
  return [...current.values()].map(({ declaration }) => declaration);
}

/** What was declared of exactly this class (not of its base classes, nor of a newer evaluation). */
export function declarationOf(target: Class): ComponentDeclaration | undefined {
  return entries.get(target)?.declaration;
}

/** Whether a newer evaluation of its module has taken the place of a class, or of one that extends it. */
export function isSuperseded(type: Class): boolean {
  return superseded.has(type);
}

/** Leads from the token of an older or newer evaluation of a class to the one among `tokens`; from any other token to itself. */
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

// Takes the older evaluations out, those of other classes of a module whose text has changed included; returns the identity that
// the class takes over.
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
  // All that is current in a file is of one text, so one class tells.
  const any = firstOf(inFile);
  if (any?.site === undefined || any.site.textHash === site.textHash || any.site.textHash === '' || site.textHash === '') return namesakes;
  return [...(inFile?.values() ?? [])].flatMap((named) => [...named]);
}

function firstOf(inFile: ReadonlyMap<string, ReadonlySet<Entry>> | undefined): Entry | undefined {
  for (const named of inFile?.values() ?? []) for (const entry of named) return entry;
  return undefined;
}

// Two classes of one name in one text, which bundlers make of two files, are two; so are those that one place in it declares at once.
function isOlder({ site, turn: declaredIn }: Entry, newer: DeclarationSite): boolean {
  if (site?.textHash !== newer.textHash || site.url !== newer.url) return true;
  return site.position === newer.position && declaredIn !== currentTurn();
}

function currentTurn(): object {
  if (turn === undefined) {
    turn = {};
    // Not queueMicrotask, which fake timers replace.
    void Promise.resolve().then(() => {
      turn = undefined;
    });
  }
  return turn;
}

// tsyringe writes the `@Inject` tokens into the array of parameter types that the compiler emitted. It gets a copy, so
// that later readers of the types (a subclass that inherits the constructor, a user's own decorator) find types.
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
