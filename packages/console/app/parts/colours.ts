/** The colours of the style sheet, for what is drawn on a canvas. */

/** @param names such as `accent`: tokens of the style sheet */
export function coloursOf<Name extends string>(element: Element, names: readonly Name[]): Record<Name, string> {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const colours = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return colours as Record<Name, string>;
}
