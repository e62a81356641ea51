/** Reads the operation and the caller's name from the text of a query, without parsing it. */

/** What a text says about its query. */
export interface TextFacts {
  readonly operation: string;
  /** The name in a comment such as `name: findUser`, at the beginning or at the end. */
  readonly name: string | undefined;
}

const UNKNOWN = 'other';

/** The operation of each first word. Words that are not here are `other`. */
const OPERATIONS: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  ...as('select', 'select table values'),
  ...as('begin', 'begin start'),
  ...as('commit', 'commit end'),
  ...as('rollback', 'rollback abort'),
  ...as('savepoint', 'savepoint release'),
  ...as('listen', 'listen unlisten notify'),
  ...as('set', 'set reset show'),
  ...as('cursor', 'declare fetch move close'),
  ...as('call', 'call do'),
  ...as('ddl', 'create alter drop truncate comment grant revoke reindex refresh'),
  ...as('maintain', 'vacuum analyze cluster checkpoint'),
  ...Object.fromEntries('insert update delete merge copy explain lock'.split(' ').map((word) => [word, word])),
});

function as(operation: string, words: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word) => [word, operation]));
}

/** How much of a text is read at its beginning: queries that are longer have long values or lists in them. */
const LONGEST_READ = 20_000;

const NAME = /^\s*name\s*:\s*([A-Za-z_][\w.:-]{0,62})\s*(?::(?:one|many|exec\w*)\s*)?$/;
const TRAILING_COMMENT = /\/\*([^*]{1,200})\*\/[\s;]*$/;

/** Returns what a text says. Texts that are no text are `other`. */
export function readText(text: unknown): TextFacts {
  if (typeof text !== 'string') return { operation: UNKNOWN, name: undefined };
  const scan = new Scan(text.length > LONGEST_READ ? text.slice(0, LONGEST_READ) : text);
  const word = scan.firstWord();
  const operation = word === 'with' ? scan.verbAfterWith() : operationOf(word, scan);
  const trailing = scan.comment ?? nameIn(TRAILING_COMMENT.exec(text.slice(-220))?.[1]);
  return { operation, name: trailing };
}

/** Returns the operation of a command tag such as `INSERT`, with which the server answers. */
export function operationOfTag(tag: string): string {
  return OPERATIONS[tag.split(' ', 1)[0]?.toLowerCase() ?? ''] ?? UNKNOWN;
}

function operationOf(word: string, scan: Scan): string {
  const operation = OPERATIONS[word] ?? UNKNOWN;
  return operation === 'rollback' && scan.isFollowedBy(/^\s+(?:(?:work|transaction)\s+)?to\b/i) ? 'savepoint' : operation;
}

/** What a statement does to a transaction: `to` goes back to a savepoint, and ends nothing. */
export type Ending = 'end' | 'to';

/** Returns what each COMMIT, ROLLBACK and PREPARE TRANSACTION of a text does, in their order. */
export function endingsOf(text: string): Ending[] {
  const endings: Ending[] = [];
  const scan = new Scan(text);
  for (let word = scan.firstWord(); word !== ''; word = scan.nextStatement()) {
    const operation = OPERATIONS[word];
    if (word === 'prepare' && scan.isFollowedBy(/^\s+transaction\b/i)) endings.push('end');
    if ((operation !== 'commit' && operation !== 'rollback') || scan.isFollowedBy(/^\s+prepared\b/i)) continue;
    endings.push(operationOf(word, scan) === 'savepoint' ? 'to' : 'end');
  }
  return endings;
}

function nameIn(comment: string | undefined): string | undefined {
  return comment === undefined ? undefined : NAME.exec(comment)?.[1];
}

/** Matches what is skipped as a whole: quoted texts and names, dollar quotes, comments. Sticky. */
const SKIPPED = [/'(?:[^']|'')*(?:'|$)/y, /"(?:[^"]|"")*(?:"|$)/y, /\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)/y, /--[^\n]*/y];
const ESCAPED = /[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;

/** Reads a text from its beginning. */
class Scan {
  #at = 0;
  /** The name in the first leading comment that has one. */
  comment: string | undefined;

  constructor(private readonly text: string) {}

  /** The first word in lower case, after spaces, comments, semicolons and opening parentheses. */
  firstWord(): string {
    for (;;) {
      const char = this.text[this.#at];
      if (char === undefined) return '';
      if (/[\s(;]/.test(char)) this.#at += 1;
      else if (this.text.startsWith('--', this.#at)) this.#comment(this.#lineEnd(), 2, 0);
      else if (this.text.startsWith('/*', this.#at)) this.#comment(this.#blockEnd(), 2, 2);
      else return (this.#match(WORD) ?? '').toLowerCase();
    }
  }

  /** The first word of the next statement; empty at the end of the text. */
  nextStatement(): string {
    while (this.#at < this.text.length && this.text[this.#at] !== ';') if (!this.#skipsQuoted()) this.#at += 1;
    return this.firstWord();
  }

  isFollowedBy(pattern: RegExp): boolean {
    return pattern.test(this.text.slice(this.#at, this.#at + 100));
  }

  /** The statement that follows the common table expressions of a WITH: the first verb outside of parentheses. */
  verbAfterWith(): string {
    let depth = 0;
    let isName = true;
    while (this.#at < this.text.length) {
      const char = this.text[this.#at] as string;
      if (this.#skipsQuoted()) isName = false;
      else {
        const word = this.#match(WORD)?.toLowerCase();
        if (word === undefined) {
          if (char === '(') depth += 1;
          else if (char === ')') depth -= 1;
          // After WITH, RECURSIVE and each comma stands a name, which may look like a verb.
          if (char === ',' && depth === 0) isName = true;
          this.#at += 1;
        } else if (depth === 0) {
          if (!isName && VERBS.has(word)) return OPERATIONS[word] ?? UNKNOWN;
          if (word !== 'recursive') isName = false;
        }
      }
    }
    return 'select';
  }

  /** Skips a quoted text or name, or a comment. */
  #skipsQuoted(): boolean {
    if (this.text.startsWith('/*', this.#at)) {
      this.#at = this.#blockEnd();
      return true;
    }
    return this.#match(ESCAPED) !== undefined || SKIPPED.some((each) => this.#match(each) !== undefined);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #comment(end: number, opening: number, closing: number): void {
    this.comment ??= nameIn(this.text.slice(this.#at + opening, end - closing));
    this.#at = end;
  }

  #lineEnd(): number {
    const end = this.text.indexOf('\n', this.#at);
    return end < 0 ? this.text.length : end;
  }

  /** Comments of PostgreSQL nest. */
  #blockEnd(): number {
    let depth = 0;
    for (let at = this.#at; at < this.text.length; at += 1) {
      if (this.text.startsWith('/*', at)) {
        depth += 1;
        at += 1;
      } else if (this.text.startsWith('*/', at)) {
        depth -= 1;
        at += 1;
        if (depth === 0) return at + 1;
      }
    }
    return this.text.length;
  }
}

const VERBS: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'delete', 'merge', 'table', 'values']);
