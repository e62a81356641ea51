/** Errors, newest first: class, message and where. Messages come from anywhere, and are shown as text. */
import type { LastError } from '../../src/api-types.js';
import { ago, dateAndTime } from '../parts/format.js';

export function ErrorList({ errors, now }: { readonly errors: readonly LastError[]; readonly now: number }) {
  return (
    <ol class="errors">
      {errors.map(({ id, at, type, message, component, method, route }) => (
        <li key={id}>
          <time dateTime={new Date(at * 1000).toISOString()} title={dateAndTime(at)}>
            {ago(at, now)}
          </time>
          <div>
            <p class="error-type">
              {type}
              <span class="quiet">{placeOf({ component, method, route })}</span>
            </p>
            {message !== null && <p class="error-message">{message}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

function placeOf({ component, method, route }: Pick<LastError, 'component' | 'method' | 'route'>): string {
  const called = component === null ? [] : [` in ${component}${method === null ? '' : `.${method}`}`];
  return [...called, ...(route === null ? [] : [` of ${route}`])].join('');
}
