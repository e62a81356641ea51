/** What a call throws, where it must throw one of this package's errors. */
import { DashboardError } from '@tsukimi/dashboards';

export function thrownBy(call: () => unknown): DashboardError {
  try {
    call();
  } catch (error) {
    if (error instanceof DashboardError) return error;
    throw error;
  }
  throw new Error('It threw nothing.');
}

/** As `thrownBy`, for what fails later. */
export async function rejectionOf(promise: Promise<unknown>): Promise<DashboardError> {
  const outcome = await promise.then(
    () => new Error('It did not fail.'),
    (error: unknown) => error,
  );
  return thrownBy(() => {
    throw outcome;
  });
}
