/** The id of this process among the instances of a service. */
import { randomUUID } from 'node:crypto';

/** `service.instance.id`: the same for all that this process sends. */
export const instanceId: string = randomUUID();
