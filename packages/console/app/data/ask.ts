/** Asks the API once. */

/**
 * After this time without a word, the connection counts as dead: three of the heartbeats by which a server says that it is there, one every 10 seconds.
 * What asks must give up, too: a browser has few connections for one server.
 */
export const PATIENCE_MS = 30_000;

/** The answer, or undefined if there was none. @param path below the page, such as `api/meta` */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T | undefined> {
  const signals = [AbortSignal.timeout(PATIENCE_MS), ...(signal === undefined ? [] : [signal])];
  try {
    const response = await fetch(path, { signal: AbortSignal.any(signals) });
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** The query of an address. */
export function queryOf(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}
