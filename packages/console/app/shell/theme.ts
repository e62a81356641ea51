/** Light or dark: what the system prefers, unless the reader chose. */
import { useEffect, useState } from 'preact/hooks';

export type Choice = 'system' | 'light' | 'dark';

const KEY = 'tsukimi-theme';
const CHOICES: readonly Choice[] = ['system', 'light', 'dark'];

export interface Theme {
  readonly choice: Choice;
  readonly shown: 'light' | 'dark';
  choose(choice: Choice): void;
}

export function useTheme(): Theme {
  const [choice, setChoice] = useState<Choice>(stored());
  const [isSystemDark, setIsSystemDark] = useState(systemPreference().matches);
  useEffect(() => {
    const preference = systemPreference();
    const onChange = (): void => setIsSystemDark(preference.matches);
    preference.addEventListener('change', onChange);
    return () => preference.removeEventListener('change', onChange);
  }, []);
  const shown = choice === 'system' ? (isSystemDark ? 'dark' : 'light') : choice;
  // Before the first paint, and before charts read their colours.
  document.documentElement.dataset['theme'] = shown;
  return {
    choice,
    shown,
    choose: (next) => {
      store(next);
      setChoice(next);
    },
  };
}

export function nextChoice(choice: Choice): Choice {
  return CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] as Choice;
}

function systemPreference(): MediaQueryList {
  return matchMedia('(prefers-color-scheme: dark)');
}

/** Storage may be switched off in the browser. */
function stored(): Choice {
  try {
    return CHOICES.find((each) => each === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

function store(choice: Choice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // It lasts as long as the page, then.
  }
}
