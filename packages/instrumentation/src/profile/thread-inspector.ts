/** Sessions of this thread's inspector. They need no port, and no other program can see them. */
import type { Session } from 'node:inspector/promises';
import { debuggerAttached, inspectorMissing } from './errors.js';

export type { Session };

/**
 * Opens a session. The inspector is loaded here, because applications that take no profile don't need it.
 * @throws TSK_ERR_PROFILE_DEBUGGER, TSK_ERR_PROFILE_UNAVAILABLE
 */
export async function openSession(): Promise<Session> {
  const { url } = await import('node:inspector').catch((error: unknown) => {
    // A Node.js that was built without it.
    throw inspectorMissing(error);
  });
  // Node.js does not say whether a debugger uses the port. If one does, it slows down the code, and both would stop each other's profiles.
  const port = url();
  if (port !== undefined) throw debuggerAttached(new URL(port).host);
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  return session;
}
