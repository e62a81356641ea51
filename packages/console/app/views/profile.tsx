/** Which component uses the CPU, and which holds the memory. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { usePage } from '../context/page-context.js';
import { useAsked } from '../data/use-asked.js';
import { Empty, Loading, Off } from '../parts/states.js';
import type { ProfileState } from '../profile/report.js';
import { Result } from '../profile/result.js';
import { profileRun } from '../profile/run.js';
import { Running } from '../profile/running.js';
import { StartForm } from '../profile/start-form.js';

/** How often it is asked whether someone else's profile is still running. */
const ASK_MS = 2000;

export function ProfileView() {
  const { meta } = usePage();
  const [run, setRun] = useState(profileRun.state);
  useEffect(() => {
    setRun(profileRun.state);
    return profileRun.watch(setRun);
  }, []);
  const own = useRef<string | null>(null);
  const foreign = useRef<string | null>(null);
  const state = useAsked<ProfileState>('../profile', ASK_MS);
  if (state === undefined)
    return meta.has.profile ? (
      <Loading what="the profiler" />
    ) : (
      <Off title="This application gives no profiles.">They are switched off.</Off>
    );
  if (!state.enabled) return <Off title="Profiles are switched off.">{state.reason}</Off>;
  const isRunning = run.step === 'running';
  // What was asked while the reader's own profile ran is known for some time after it.
  if (isRunning && state.running !== foreign.current) own.current = state.running;
  const others = state.running === own.current ? null : state.running;
  if (!isRunning) foreign.current = others;
  return (
    <>
      <StartForm state={state} isRunning={isRunning} />
      {meta.has.workers && <p class="profile-workers">The application runs in several processes. A profile shows one of them.</p>}
      {!isRunning && others !== null && (
        <p class="banner" role="status">
          Another client runs {others}. Only one profile can run at a time.
        </p>
      )}
      {run.step === 'running' && <Running state={run} />}
      {run.step === 'failed' && (
        <div role="alert">
          <Empty title={run.failure.title}>{run.failure.message}</Empty>
        </div>
      )}
      {run.step === 'done' && <Result report={run.report} />}
      {run.step === 'idle' && (
        <Empty title="Find the method behind the number.">
          A CPU profile says which component and method used the CPU. A heap profile says which of them allocated the memory that is still
          held. Start one while the application does what you want to look at. It costs a few percent of a core while it runs, and nothing
          when it does not.
        </Empty>
      )}
    </>
  );
}
