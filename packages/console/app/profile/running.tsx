/** How far the profile is. */
import { useEffect, useState } from 'preact/hooks';
import { Card } from '../parts/card.js';
import { profileRun, type RunState } from './run.js';

const TICK_MS = 250;

export function Running({ state }: { readonly state: Extract<RunState, { readonly step: 'running' }> }) {
  const { kind, seconds, since } = state;
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const elapsed = Math.max(0, (now - since) / 1000);
  const rest = Math.ceil(seconds - elapsed);
  return (
    <Card title={kind === 'cpu' ? 'Profiling the CPU' : 'Sampling the heap'} isWide>
      <progress class="profile-progress" max={seconds || 1} value={Math.min(elapsed, seconds)} aria-label="Progress" />
      <div class="tools">
        <p role="status">{rest > 0 ? `${rest} s left` : 'Reading what was sampled…'}</p>
        <button type="button" class="button" onClick={() => profileRun.cancel()}>
          Cancel
        </button>
      </div>
      <p class="quiet">The profile goes on while you look at other views, and ends if you close the page.</p>
    </Card>
  );
}
