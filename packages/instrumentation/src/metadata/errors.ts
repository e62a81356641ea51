/** The errors of decorators on members that can't be measured. */
import { InstrumentationError } from '../errors.js';

const ON_CLASSES: ReadonlySet<string> = new Set(['@Instrumented', '@Slo']);

interface RefusedMember {
  readonly decorator: string;
  readonly member: string;
  readonly why: string;
}

export const memberNotMeasurable = ({ decorator, member, why }: RefusedMember): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_DECORATOR_PLACE',
    `${decorator}() is on ${member}, ${why}. Put it on an instance method with a plain name${ON_CLASSES.has(decorator) ? ', or on the class' : ''}.`,
  );
