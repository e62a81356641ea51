/** Describes problems of a YAML file without quoting it, because any part of it may be a secret. */
import type { YAMLError } from 'yaml';

/** A problem and its fix, both without a full stop. */
export interface YamlProblem {
  readonly problem: string;
  readonly fix: string;
}

// The parser's own messages quote the source.
const PROBLEMS: Readonly<Record<string, readonly [string, string]>> = {
  ALIAS_PROPS: ['An alias has an anchor or a tag of its own', 'Remove it'],
  BAD_ALIAS: [
    'An alias or an anchor has a name that YAML does not allow',
    'Correct the name, or put a text that begins with * or & in quotes',
  ],
  BAD_COLLECTION_TYPE: ['A tag does not match its value', 'Remove the tag'],
  BAD_DIRECTIVE: ['The file contains a directive that YAML does not define', 'Remove the line that begins with %'],
  BAD_DQ_ESCAPE: [
    'A text in double quotes contains an escape that YAML does not define',
    'Use single quotes, or write a backslash as \\\\',
  ],
  BAD_INDENT: ['The indentation is wrong, or a bracket is not closed', 'Correct the indentation, or close the bracket'],
  BAD_PROP_ORDER: ['An anchor or a tag is in the wrong place', 'Put them directly in front of the value'],
  BAD_SCALAR_START: ['A text begins with a character that YAML reserves', 'Put the text in quotes'],
  BLOCK_AS_IMPLICIT_KEY: ['A line contains a second key', 'Put each key on a separate line, or put the text with the colon in quotes'],
  BLOCK_IN_FLOW: ['A block is inside brackets', 'Write it with brackets too'],
  DUPLICATE_KEY: ['Map keys must be unique', 'Keep one of the two'],
  IMPOSSIBLE: ['The file cannot be read as YAML', 'Correct that line'],
  KEY_OVER_1024_CHARS: ['A key is longer than 1024 characters', 'Shorten it, or put the text in quotes'],
  MISSING_CHAR: ['A character is missing: a quote, a bracket, a comma, a colon, or the space after one', 'Correct that line'],
  MULTILINE_IMPLICIT_KEY: ['A key spans several lines', 'Put a space after the colon of the previous line, or put the text in quotes'],
  MULTIPLE_ANCHORS: ['A value has two anchors', 'Keep one of them'],
  MULTIPLE_DOCS: ['Source contains multiple documents', 'Keep one document: remove the line "---" and everything after it'],
  MULTIPLE_TAGS: ['A value has two tags', 'Keep one of them'],
  NON_STRING_KEY: ['A key is not a text', 'Put it in quotes'],
  TAB_AS_INDENT: ['Tabs are not allowed as indentation', 'Indent with spaces'],
  TAG_RESOLVE_FAILED: [
    'The file contains a tag that Tsukimi does not support',
    'Remove the tag; a secret belongs in an environment variable',
  ],
  UNEXPECTED_TOKEN: ['There is text where YAML expects nothing more', 'Put the text in quotes, or move it to a separate line'],
};

/** Describes an error of the `yaml` library by its code, without quoting the file. */
export function describeYamlProblem({ code }: Pick<YAMLError, 'code'>): YamlProblem {
  const [problem, fix] = PROBLEMS[code] ?? [`The file cannot be read as YAML (${code})`, 'Correct that line'];
  return { problem, fix };
}
