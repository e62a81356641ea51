/** A state set: which of a few states something is in. */
import { BadRequestError, Controller, Get, InstrumentationProvider, OnStart, Param, type StateSet } from 'tsukimi';

const STATES = ['starting', 'running', 'paused'] as const;
type State = (typeof STATES)[number];

@Controller('/state')
export class StateController {
  readonly #state: StateSet<State>;

  constructor(instrumentation: InstrumentationProvider) {
    this.#state = instrumentation.stateSet({ name: 'application_state', help: 'What the application does.', states: STATES });
    this.#state.set('starting');
  }

  @OnStart()
  run(): void {
    this.#state.set('running');
  }

  @Get('/:state')
  change(@Param('state') state: string) {
    if (!isState(state)) throw new BadRequestError(`state must be one of ${STATES.join(', ')}.`);
    this.#state.set(state);
    return { state };
  }
}

function isState(text: string): text is State {
  return (STATES as readonly string[]).includes(text);
}
