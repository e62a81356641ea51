/** The errors of profiles. */
import { InstrumentationError, printed, type ReceivedValue } from '../errors.js';

export const profileOption = ({ key, value, source, allowed }: ReceivedValue & { readonly allowed: string }): InstrumentationError =>
  new InstrumentationError('TSK_ERR_PROFILE_OPTION', `${key}: ${printed(value)} is not ${allowed} (${source}). Use ${allowed}.`);

/** @param running `a CPU profile of 10 s for 127.0.0.1, since 2026-01-01T00:00:00.000Z` */
export const profileBusy = (running: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_PROFILE_BUSY',
    `Only one profile can be taken at a time, and one is running: ${running}. Try again when it has ended.`,
  );

export const debuggerAttached = (host: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_PROFILE_DEBUGGER',
    `The inspector is open on ${host}, so a debugger may be attached, and the profile would show its effects. Take the profile in the debugger, or start the application without --inspect.`,
  );

export const inspectorMissing = (cause: unknown): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_PROFILE_UNAVAILABLE',
    'This Node.js was built without the inspector, which takes profiles. Use an official build of Node.js.',
    { cause },
  );

export const heapSampledElsewhere = (): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_PROFILE_HEAP_TAKEN',
    'Another tool samples the heap of this thread already, and V8 allows only one. Stop that tool, such as a profiling agent or --heap-prof, and try again.',
  );

/** Clients read it. */
export const profilesDisabled = (why: string, setBy: string): InstrumentationError =>
  new InstrumentationError('TSK_ERR_PROFILE_DISABLED', `There are no profiles here: ${why}. To allow them, set ${setBy} to true.`);

export const profileStopped = (): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_PROFILE_STOPPED',
    'The application is stopping, so the profile was given up. Take it again when the application runs.',
  );
