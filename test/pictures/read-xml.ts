/** Reads XML strictly, as far as SVG pictures need it: what a browser would refuse is an error here. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What stands directly in it. */
  text: string;
}

// A tag, or the text up to the next one.
const PART = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The elements in the order in which they begin.
 * @throws an Error where a tag is not closed or cannot be read, an attribute stands there twice, or an entity is not known.
 */
export function elementsOf(xml: string): XmlElement[] {
  const elements: XmlElement[] = [];
  const open: XmlElement[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < xml.length) {
    const from = PART.lastIndex;
    const match = PART.exec(xml);
    if (match === null) throw new Error(`This is not XML: ${xml.slice(from, from + 80)}`);
    const [, closing, name = '', attributes = '', empty, text] = match;
    if (text !== undefined) addText(open.at(-1), text);
    else if (closing === '/') close(open, name);
    else {
      const element = { name, attributes: attributesOf(attributes), text: '' };
      elements.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)?.name}> is not closed.`);
  return elements;
}

function addText(element: XmlElement | undefined, text: string): void {
  if (element !== undefined) element.text += decoded(text);
  else if (text.trim() !== '') throw new Error(`There is text outside of the first element: ${text}`);
}

function close(open: XmlElement[], name: string): void {
  const last = open.pop();
  if (last?.name !== name) throw new Error(`</${name}> closes <${last?.name}>.`);
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    if (Object.hasOwn(attributes, name)) throw new Error(`The attribute ${name} stands there twice.`);
    attributes[name] = decoded(value);
  }
  return attributes;
}

function decoded(text: string): string {
  return text.replaceAll(/&(\w+|#\d+)?;?/g, (entity, name: string | undefined) => {
    const character = name?.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : ENTITIES[name ?? ''];
    if (character === undefined || !entity.endsWith(';')) throw new Error(`${entity} is not an entity of XML.`);
    return character;
  });
}
