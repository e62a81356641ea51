/** Parses a TypeScript file with Oxc, and extracts what the checks need. */
import {
  type Argument,
  type Class,
  type ClassElement,
  type Expression,
  type ParamPattern,
  type Decorator as ParsedDecorator,
  parseSync,
  type TSType,
  Visitor,
} from 'oxc-parser';
import { lineAt } from '../files.js';
import { callsOf, optionsOf } from './calls.js';
import { exportsOf, importedForEffect, importsOf } from './modules.js';
import type {
  ClassDeclaration,
  ConstructorParameter,
  DeclaredKind,
  Decorator,
  MethodDeclaration,
  ParameterType,
  PropertyDeclaration,
  SourceFile,
} from './source-file.js';

/** Parts that do not parse are left out, because the compiler reports them better. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, module } = parseSync(path, text);
  const classes: ClassDeclaration[] = [];
  const declarations = new Map<string, DeclaredKind>();
  const declare = (kind: DeclaredKind, id: { readonly name: string } | null) => {
    if (id !== null) declarations.set(id.name, kind);
  };
  const visitClass = (node: Class) => {
    declare('class', node.id);
    classes.push(classOf(node, text));
  };
  new Visitor({
    ClassDeclaration: visitClass,
    ClassExpression: visitClass,
    TSInterfaceDeclaration: ({ id }) => declare('interface', id),
    TSTypeAliasDeclaration: ({ id }) => declare('type alias', id),
    TSEnumDeclaration: ({ id }) => declare('enum', id),
  }).visit(program);
  const calls = callsOf(program, text);
  for (const name of calls.inFunctions.keys()) declarations.set(name, 'function');
  const configuration = /\bconfiguration\s*:\s*([^,\n]*)/.exec(text)?.[1];
  return {
    path,
    classes,
    declarations,
    configuration,
    calls,
    imports: importsOf(module, text),
    importedForEffect: importedForEffect(module),
    ...exportsOf(module),
  };
}

function classOf(node: Class, text: string): ClassDeclaration {
  const own = node.body.body.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
  return {
    name: node.id?.name ?? 'an unnamed class',
    // Decorators stand before the name, and may be many lines long.
    line: lineAt(text, node.id?.start ?? node.start),
    decorators: decoratorsOf(node.decorators, text),
    methods: node.body.body.flatMap((member) => methodOf(member, text)),
    properties: node.body.body.flatMap((member) => propertyOf(member, text)),
    parameters: own?.type === 'MethodDefinition' ? own.value.params.flatMap((parameter) => parameterOf(parameter, text)) : undefined,
  };
}

function methodOf(member: ClassElement, text: string): readonly MethodDeclaration[] {
  if (member.type !== 'MethodDefinition' || member.kind !== 'method') return [];
  const { returnType, params } = member.value;
  const written = [...(member.decorators ?? []), ...(returnType == null ? [] : [returnType])].map(({ start, end }) =>
    text.slice(start, end),
  );
  const parameters = params.flatMap((parameter) => parameterOf(parameter, text));
  const { start, end } = member.key;
  return [
    {
      name: text.slice(start, end),
      line: lineAt(text, start),
      isStatic: member.static,
      decorators: decoratorsOf(member.decorators, text),
      parameters,
      signature: written.join(' '),
    },
  ];
}

function propertyOf(member: ClassElement, text: string): readonly PropertyDeclaration[] {
  if (member.type !== 'PropertyDefinition' || member.decorators === undefined || member.decorators.length === 0) return [];
  return [{ name: text.slice(member.key.start, member.key.end), decorators: decoratorsOf(member.decorators, text) }];
}

function parameterOf(parameter: ParamPattern, text: string): readonly ConstructorParameter[] {
  const decorators = 'decorators' in parameter ? decoratorsOf(parameter.decorators, text) : [];
  const pattern = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
  const hasDefault = pattern.type === 'AssignmentPattern';
  const binding = hasDefault ? pattern.left : pattern;
  // Nothing is injected into a rest parameter.
  if (binding.type === 'RestElement') return [];
  const annotation = 'typeAnnotation' in binding ? binding.typeAnnotation?.typeAnnotation : undefined;
  const name = binding.type === 'Identifier' ? binding.name : text.slice(binding.start, binding.end);
  return [
    {
      name,
      line: lineAt(text, binding.start),
      type: typeOf(annotation, text),
      hasDefault,
      defaultType: hasDefault ? literalType(pattern.right) : undefined,
      decorators,
    },
  ];
}

function literalType(value: Expression): string | undefined {
  const { type } = value;
  if (type === 'UnaryExpression') return literalType(value.argument);
  return type === 'Literal' && value.value !== null ? typeof value.value : undefined;
}

function typeOf(type: TSType | undefined, text: string): ParameterType {
  if (type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier') return { kind: 'name', name: type.typeName.name };
  return { kind: 'other', text: type && text.slice(type.start, type.end) };
}

function decoratorsOf(decorators: readonly ParsedDecorator[] | undefined, source: string): readonly Decorator[] {
  return (decorators ?? []).flatMap(({ expression, start }): readonly Decorator[] => {
    const isCalled = expression.type === 'CallExpression';
    const passed = isCalled ? expression.arguments : [];
    const [argument] = passed;
    const given = {
      argumentCount: passed.length,
      line: lineAt(source, start),
      isCalled,
      text: argument && textOf(argument),
      argument: argument && source.slice(argument.start, argument.end),
      options: argument && optionsOf(argument, source),
    };
    const callee = isCalled ? expression.callee : expression;
    if (callee.type === 'Identifier') return [{ name: callee.name, namespace: undefined, ...given }];
    if (callee.type !== 'MemberExpression' || callee.computed || callee.object.type !== 'Identifier') return [];
    return callee.property.type === 'Identifier' ? [{ name: callee.property.name, namespace: callee.object.name, ...given }] : [];
  });
}

function textOf(argument: Argument): string | undefined {
  if (argument.type === 'Literal') return typeof argument.value === 'string' ? argument.value : undefined;
  return argument.type === 'TemplateLiteral' && argument.expressions.length === 0
    ? (argument.quasis[0]?.value.cooked ?? undefined)
    : undefined;
}
