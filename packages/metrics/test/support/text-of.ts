/** Chunks of a scrape as text. */
export function textOf(...chunks: readonly IteratorResult<Uint8Array, void>['value'][]): string {
  return Buffer.concat(chunks.filter((chunk) => chunk !== undefined)).toString();
}
