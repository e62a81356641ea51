/** What a file calls while its module is evaluated, what it waits for, and what its functions call. */
import type { Argument, CallExpression, Expression, Node, Program } from 'oxc-parser';
import { lineAt } from '../files.js';
import type { Call, Calls, Options } from './source-file.js';

const FUNCTIONS: ReadonlySet<string> = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

export function callsOf(program: Program, text: string): Calls {
  const inFunctions = new Map<string, readonly Call[]>();
  const values = new Map<string, readonly Call[]>();
  const whileEvaluated: Call[] = [];
  const awaits: Node[] = [];
  const evaluate = (node: Node): void => {
    if (node.type === 'CallExpression') whileEvaluated.push(...callOf(node, text));
    if (node.type === 'AwaitExpression') awaits.push(node.argument);
    if (node.type === 'ForOfStatement' && node.await) awaits.push(node.right);
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init !== null) {
      (FUNCTIONS.has(node.init.type) ? inFunctions : values).set(node.id.name, callsIn(node.init, text));
    }
    // A function that is called where it is written belongs to the evaluation.
    const called = node.type === 'CallExpression' ? withoutTypes(node.callee) : undefined;
    for (const child of childrenOf(node)) {
      if (child.type === 'FunctionDeclaration' && child.id !== null) inFunctions.set(child.id.name, callsIn(child, text));
      if (!runsLater(child)) evaluate(child);
    }
    if (called !== undefined && FUNCTIONS.has(called.type)) whileEvaluated.push(...callsIn(called, text));
  };
  evaluate(program);
  const awaited = awaits.flatMap((node) => (node.type === 'Identifier' ? (values.get(node.name) ?? []) : callsIn(node, text)));
  const awaitedImports = awaits.flatMap((node) => importsIn(node));
  return { all: callsIn(program, text), whileEvaluated, awaited, awaitedImports, inFunctions };
}

function runsLater(node: Node): boolean {
  return FUNCTIONS.has(node.type) || (node.type === 'PropertyDefinition' && !node.static);
}

/** The keys of an object, behind `as never` and the like; undefined for anything else, and for an object with spreads. */
export function optionsOf(argument: Argument, text: string): Options | undefined {
  const given = argument.type === 'SpreadElement' ? undefined : withoutTypes(argument);
  if (given?.type !== 'ObjectExpression') return undefined;
  const options = new Map<string, { text: string; line: number }>();
  for (const property of given.properties) {
    if (property.type !== 'Property' || property.computed) return undefined;
    const { key, value } = property;
    const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
    if (name !== undefined) options.set(name, { text: text.slice(value.start, value.end), line: lineAt(text, key.start) });
  }
  return options;
}

function callsIn(node: Node, text: string): readonly Call[] {
  return [...(node.type === 'CallExpression' ? callOf(node, text) : []), ...childrenOf(node).flatMap((child) => callsIn(child, text))];
}

function importsIn(node: Node): readonly string[] {
  const own =
    node.type === 'ImportExpression' && node.source.type === 'Literal' && typeof node.source.value === 'string' ? [node.source.value] : [];
  return [...own, ...childrenOf(node).flatMap(importsIn)];
}

function callOf({ callee: written, arguments: given, start }: CallExpression, text: string): readonly Call[] {
  const callee = withoutTypes(written);
  const [first, second] = given;
  const call = {
    line: lineAt(text, start),
    argument: first?.type === 'Identifier' ? first.name : undefined,
    options: second && optionsOf(second, text),
  };
  if (callee.type === 'Identifier') return [{ name: callee.name, namespace: undefined, ...call }];
  if (callee.type !== 'MemberExpression' || callee.computed || callee.object.type !== 'Identifier') return [];
  return callee.property.type === 'Identifier' ? [{ name: callee.property.name, namespace: callee.object.name, ...call }] : [];
}

/** `a` of `(a as never)!`. */
function withoutTypes(expression: Expression): Expression {
  switch (expression.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
      return withoutTypes(expression.expression);
    default:
      return expression;
  }
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value: unknown) => (Array.isArray(value) ? value : [value]).filter(isNode));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value;
}
