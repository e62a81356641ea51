/** Reads what Node's test runner writes as TAP. Its own reporter, because one of ours would be loaded first and so delay the tests of some files. */

/**
 * @param {string} text
 * @returns {{ name: string, outcome: 'passed' | 'failed' | 'skipped', cause: string }[]} every test with its full name, in the order in which they ended
 */
export function readTap(text) {
  const tests = [];
  const path = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const [, indent, name] = /^( *)# Subtest: (.*)$/.exec(line) ?? [];
    if (indent !== undefined) path.splice(indent.length / 4, path.length, name);
    const result = /^( *)(not )?ok \d+ - .*?( # (?:SKIP|TODO).*)?$/.exec(line);
    if (result !== null) tests.push(testOf(result, path, lines.slice(index + 1, index + 60)));
  }
  return tests;
}

function testOf([, indent, failed, directive], path, details) {
  const name = path.slice(0, indent.length / 4 + 1).join(' > ');
  if (directive !== undefined) return { name, outcome: 'skipped', cause: '' };
  return failed === undefined ? { name, outcome: 'passed', cause: '' } : { name, outcome: 'failed', cause: errorIn(details) };
}

/** The `error` of the YAML block behind a result. */
function errorIn(details) {
  const start = details.findIndex((line) => /^ *error: /.test(line));
  if (start === -1) return '';
  const end = details.findIndex((line, index) => index > start && /^ *(?:code|name|expected|stack): /.test(line));
  return details.slice(start, end === -1 ? start + 1 : end).join('\n');
}
