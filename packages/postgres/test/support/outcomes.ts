/** Runs steps, and says what came of each. */

/** What came of each step: a result, or the error's class, code and message. */
export async function outcomes(steps: Readonly<Record<string, () => unknown>>): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  for (const [name, step] of Object.entries(steps)) {
    seen[name] = await Promise.resolve()
      .then(step)
      .catch((error: Error & { code?: string; cause?: { code?: string } }) => [error.name, error.code ?? error.cause?.code, error.message]);
  }
  return structuredClone(JSON.parse(JSON.stringify(seen)));
}
