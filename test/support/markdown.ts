/** The code blocks of a Markdown page, and the file each is meant for. */

export interface CodeBlock {
  /** `ts`, `sh`, `json`, ... */
  readonly language: string;
  readonly code: string;
  /** Where the line before begins with a file's name in backticks and a colon: that name. */
  readonly file: string | undefined;
  /** The heading it stands under. */
  readonly section: string;
}

/** All fenced code blocks, in order. */
export function codeBlocksOf(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let section = '';
  let paragraph = '';
  for (const part of markdown.split(/^(```\w*\n[\s\S]*?^```)$/m)) {
    const fence = /^```(\w*)\n([\s\S]*?)^```$/m.exec(part);
    if (fence === null) {
      section = [...part.matchAll(/^#+ (.+)$/gm)].at(-1)?.[1] ?? section;
      paragraph = part.trim().split('\n').at(-1) ?? '';
    } else {
      blocks.push({ language: fence[1] ?? '', code: fence[2] ?? '', file: /^`([^`]+)`:/.exec(paragraph)?.[1], section });
      paragraph = '';
    }
  }
  return blocks;
}
