/** pino-pretty's types name colorette's, which colorette's own "exports" hide from a CommonJS importer. */
declare module 'colorette' {
  export type Colorette = Readonly<Record<string, (text: string | number) => string>>;
}
