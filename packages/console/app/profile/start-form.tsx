/** What to profile, and for how long. */
import { useParam } from '../context/page-context.js';
import type { ProfileState } from './report.js';
import { type Kind, profileRun } from './run.js';

const SECONDS = [2, 5, 10, 30, 60];

export function StartForm({ state, isRunning }: { readonly state: ProfileState; readonly isRunning: boolean }) {
  const [given, setKind] = useParam('kind', 'cpu');
  const [text, setSeconds] = useParam('seconds', '10');
  const kind: Kind = given === 'heap' ? 'heap' : 'cpu';
  const since = text === 'start' && kind === 'heap' && state.heap_since_start ? 'start' : undefined;
  const seconds = since ?? SECONDS.find((each) => String(each) === text) ?? 10;
  return (
    <form
      class="tools"
      onSubmit={(event) => {
        event.preventDefault();
        void profileRun.start(kind, seconds);
      }}
    >
      <fieldset class="segments" disabled={isRunning}>
        <legend class="hidden">What to profile</legend>
        {(['cpu', 'heap'] as const).map((each) => (
          <button key={each} type="button" aria-pressed={kind === each} onClick={() => setKind(each)}>
            {each === 'cpu' ? 'CPU' : 'Heap'}
          </button>
        ))}
      </fieldset>
      <label class="profile-seconds">
        <span>for</span>
        <select
          aria-label="How long"
          value={String(seconds)}
          disabled={isRunning}
          onChange={(event) => setSeconds(event.currentTarget.value)}
        >
          {SECONDS.map((each) => (
            <option key={each} value={String(each)}>
              {each} seconds
            </option>
          ))}
          {kind === 'heap' && state.heap_since_start && <option value="start">since the start</option>}
        </select>
      </label>
      <button type="submit" class="button button-main" disabled={isRunning}>
        Start
      </button>
    </form>
  );
}
