/** Which series are looked at: those that the dashboard's variables have picked, and those of requests that failed. */
import { matching } from './promql.js';

/** The application's instances. */
export const INSTANCES = [matching('job', '$job'), matching('instance', '$instance')] as const;

/** The routes among them. */
export const ROUTES = [...INSTANCES, matching('path', '$path')] as const;

/** The components among them. */
export const COMPONENTS = [...INSTANCES, matching('component', '$component')] as const;

/** What the server answers with where it failed. Not 499: there the client left. */
export const FAILED_STATUS = matching('status', '5..');
