/** Chooses the time that is shown: the last seconds, or a fixed range, which links keep. */
import { isFixed } from '../address/address.js';
import { usePage } from '../context/page-context.js';
import { clock } from '../parts/format.js';
import { Icon } from '../parts/icons.js';

const RANGES: readonly { readonly seconds: number; readonly title: string; readonly long: string }[] = [
  { seconds: 60, title: '1m', long: 'Last minute' },
  { seconds: 300, title: '5m', long: 'Last 5 minutes' },
  { seconds: 900, title: '15m', long: 'Last 15 minutes' },
  { seconds: 3600, title: '1h', long: 'Last hour' },
  { seconds: 21_600, title: '6h', long: 'Last 6 hours' },
];

/** Clocks of the reader and the server may differ by more than that; the server says what time it is. */
interface RangePickerProps {
  readonly isPaused: boolean;
  onPause(): void;
}

export function RangePicker({ isPaused, onPause }: RangePickerProps) {
  const { address, go } = usePage();
  const { range } = address;
  const fixed = isFixed(range);
  return (
    <>
      {fixed && (
        <button
          type="button"
          class="button button-chosen"
          onClick={() => go({ range: { seconds: 900 } })}
          title="Back to the last 15 minutes"
        >
          <span>
            {clock(range.from)} – {clock(range.to)}
          </span>
          <Icon name="close" />
          <span class="hidden">Back to the last 15 minutes</span>
        </button>
      )}
      <fieldset class="segments">
        <legend class="hidden">Time range</legend>
        {RANGES.map(({ seconds, title, long }) => (
          <button
            key={seconds}
            type="button"
            aria-pressed={!fixed && range.seconds === seconds}
            title={long}
            onClick={() => go({ range: { seconds } })}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <button type="button" class="button pause" aria-pressed={isPaused} disabled={fixed} onClick={onPause} title="Pause (p)">
        <Icon name={isPaused ? 'play' : 'pause'} />
        <span>{isPaused ? 'Resume' : 'Pause'}</span>
      </button>
    </>
  );
}
