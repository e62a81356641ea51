/** Asks the API once. */

/** The answer, or undefined if there was none. @param path below the page, such as `api/meta` */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T | undefined> {
  try {
    const response = await fetch(path, signal && { signal });
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** The query of an address. */
export function queryOf(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}
