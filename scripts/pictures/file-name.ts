/** Which picture shows which row. */

/** `docs/images/dashboard-http-by-route.svg`, from the project's root. */
export function pictureOf(row: string): string {
  const slug = row
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `docs/images/dashboard-${slug}.svg`;
}
