/** The metrics that a new project has before anybody has started it. */
import { catalogueFamilies, type MetricFamily, mergeFamilies, readExposition } from '@tsukimi/dashboards';
import { templateText } from '../templates/read-template.js';

/** The catalogue, and what the template's own code adds: as a project that was just started exposes it. */
export function projectFamilies(): MetricFamily[] {
  return mergeFamilies(catalogueFamilies(), readExposition(templateText('project-metrics.txt')));
}
