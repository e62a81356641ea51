/** Copies a text, and says that it did. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.js';

const SAID_MS = 2000;

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    if (!(await copied(text))) return;
    setIsCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setIsCopied(false), SAID_MS);
  };
  return (
    <button type="button" class="button copy" aria-label={label} onClick={copy}>
      <Icon name={isCopied ? 'check' : 'copy'} />
      <span role="status">{isCopied ? 'Copied' : 'Copy'}</span>
    </button>
  );
}

/** The clipboard is there for HTTPS and for this machine only; elsewhere a selection is copied. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}
