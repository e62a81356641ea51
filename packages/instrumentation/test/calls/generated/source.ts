/** Writes a random program's classes down as JavaScript: only as source can there be `#private` members and `super`. */
import type { ClassSpec, Kind, Member, Statement } from './program.js';

/** The classes as a function body that returns the last of them. What it uses is in scope: see `Scope`. */
export function sourceOf(classes: readonly ClassSpec[]): string {
  return `${classes.map(classSource).join('\n')}\nreturn C${classes.length - 1};`;
}

function classSource({ members, calledByConstructor }: ClassSpec, index: number): string {
  const unique = [
    ...new Map(
      members.map((member) => [
        `${member.kind === 'private' || member.kind === 'symbol' || member.kind === 'static' ? member.kind : ''}${member.name}`,
        member,
      ]),
    ).values(),
  ];
  const bound = unique
    .filter(({ kind }) => kind.startsWith('bound'))
    .map(({ name }) => `try { this.${name} = this.${name}.bind(this); } catch {}`);
  const eager =
    calledByConstructor === undefined
      ? ''
      : `try { settle(this.${calledByConstructor}?.(0)); } catch (error) { log('constructor', error); }`;
  return `class C${index}${index === 0 ? '' : ` extends C${index - 1}`} {
  constructor() { ${index === 0 ? '' : 'super();'} ${bound.join(' ')} ${eager} }
${unique.map((member) => memberSource(member, index)).join('\n')}
${unique
  .filter(({ kind }) => kind === 'private')
  .map(({ name }) => `  private_${name}(d) { return this.#${name}(d); }`)
  .join('\n')}
}`;
}

function memberSource(member: Member, index: number): string {
  const { name, kind } = member;
  const body = bodySource(member, index);
  switch (kind) {
    case 'method':
    case 'bound method':
      return `  ${name}(d) {${body}}`;
    case 'async method':
    case 'bound async method':
      return `  async ${name}(d) {${body}}`;
    case 'generator':
    case 'bound generator':
      return `  *${name}(d) {${body}}`;
    case 'async generator':
      return `  async *${name}(d) {${body}}`;
    case 'arrow':
      return `  ${name} = (d) => {${body}};`;
    case 'async arrow':
      return `  ${name} = async (d) => {${body}};`;
    case 'function property':
      return `  ${name} = function (d) {${body}};`;
    case 'getter of a function':
      return `  get ${name}() { log('C${index}.${name} was read'); return (d) => {${body}}; }`;
    case 'private':
      return `  #${name}(d) {${body}}`;
    case 'symbol':
      return `  [symbols.${name}](d) {${body}}`;
    case 'static':
      return `  static ${name}(d) {${body}}`;
  }
}

function bodySource(member: Member, index: number): string {
  const statements = member.body.map((statement) => statementSource(statement, member, index)).join(' ');
  const guarded =
    member.finally === undefined ? statements : `try { ${statements} } finally { ${statementSource(member.finally, member, index)} }`;
  return ` log('C${index}.${member.name}', d); if (d <= 0) return 'deep'; ${guarded} `;
}

const ASYNC: ReadonlySet<Kind> = new Set(['async method', 'async generator', 'async arrow', 'bound async method']);
const GENERATOR: ReadonlySet<Kind> = new Set(['generator', 'async generator', 'bound generator']);

function statementSource(statement: Statement, { kind }: Member, index: number): string {
  switch (statement.type) {
    case 'log':
      return `log(${statement.value});`;
    case 'pause':
      return ASYNC.has(kind) ? 'await null;' : '';
    case 'yield':
      return GENERATOR.has(kind) ? `log('sent', yield ${statement.value});` : '';
    case 'throw':
      return `throw ${statement.what};`;
    case 'return':
      return `return ${statement.what};`;
    case 'call':
      return callSource(statement, kind, index);
  }
}

/** A call, and what becomes of what it gives: no promise is left running beside the rest, so that there is one order of effects. */
function callSource({ via, name, guarded }: Extract<Statement, { type: 'call' }>, kind: Kind, index: number): string {
  if (via === 'super' && (index === 0 || kind === 'function property')) return '';
  const call = via === 'super' ? `superCall(super.${name}, this, d - 1)` : `observed(this, '${name}', d - 1)`;
  const used = `{ const given = ${call}; ${useSource(kind)} }`;
  return guarded ? `try ${used} catch (error) { log('caught', error); }` : used;
}

function useSource(kind: Kind): string {
  const restOf = (end: string): string =>
    ASYNC.has(kind) ? `if (isLater(${end})) log(await ${end});` : `if (isLater(${end})) return ${end};`;
  if (kind === 'generator' || kind === 'bound generator')
    return `if (isGenerator(given)) { const end = yield* tracked(given); ${restOf('end')} } else ${restOf('given')}`;
  if (kind === 'async generator')
    return `if (isGenerator(given)) { const end = yield* tracked(given); ${restOf('end')} } else if (isAsyncGenerator(given)) yield* trackedAsync(given); else log(await given);`;
  const drained = `if (isGenerator(given)) { const end = drained(given); ${restOf('end')} }`;
  return ASYNC.has(kind)
    ? `${drained} else if (isAsyncGenerator(given)) { for await (const item of trackedAsync(given)) log(item); } else log(await given);`
    : `${drained} else { ${restOf('given')} log(given); }`;
}
