/** The metrics that dashboards and rules are made for. */
import { catalogueFamilies, fetchFamilies, type MetricFamily, mergeFamilies } from '@tsukimi/dashboards';
import { completeAddress } from '../complete-address.js';

/**
 * The catalogue; with the address of a running application also what that exposes.
 *
 * @param from `127.0.0.1:8000`, `8000`, a URL with or without the path of its metrics
 * @throws DashboardError where nothing of use answers
 */
export async function familiesFrom(from: string | undefined): Promise<MetricFamily[]> {
  if (from === undefined) return catalogueFamilies();
  return mergeFamilies(catalogueFamilies(), await fetchFamilies(withPath(completeAddress(from))));
}

/** What is no URL is passed on as it is, to be refused with the right words. */
function withPath(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = '/metrics';
  return url.href;
}
