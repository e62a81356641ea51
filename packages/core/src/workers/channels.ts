/** Named channels between two processes: messages, and questions with answers. */
// Not the globals, because with a test's fake timers these waits would never time out.
import { clearTimeout, setTimeout } from 'node:timers';
import { thrownMessage } from '../errors/thrown.js';
import { answerLate, channelTaken, handlerFailed, processEnded } from './errors.js';

/** Options of a question. */
export interface AskOptions {
  /** How long to wait for the answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Marks our messages among those that the program itself sends. */
const MARK = 'tsukimi:workers';

type Packet = { readonly mark: typeof MARK; readonly channel: string } & (
  | { readonly kind: 'tell'; readonly message: unknown }
  | { readonly kind: 'ask'; readonly message: unknown; readonly id: number }
  | { readonly kind: 'answer'; readonly message: unknown; readonly id: number; readonly failure?: string }
);

/** What one process does with the messages of the others. */
export class ChannelHandlers<Sender> {
  readonly #told = new Map<string, ((message: unknown, sender: Sender) => void)[]>();
  readonly #asked = new Map<string, (message: unknown, sender: Sender) => unknown>();
  readonly #onFailure: (error: unknown, channel: string) => void;

  /** @param onFailure is called with what a listener threw; nobody else would see it. */
  constructor(onFailure: (error: unknown, channel: string) => void) {
    this.#onFailure = onFailure;
  }

  onTold(channel: string, listener: (message: unknown, sender: Sender) => void): void {
    this.#told.set(channel, [...(this.#told.get(channel) ?? []), listener]);
  }

  /** @throws TSK_ERR_WORKER_CHANNEL */
  onAsked(channel: string, handler: (message: unknown, sender: Sender) => unknown): void {
    if (this.#asked.has(channel)) throw channelTaken(channel);
    this.#asked.set(channel, handler);
  }

  told(channel: string, message: unknown, sender: Sender): void {
    for (const listener of this.#told.get(channel) ?? []) {
      try {
        listener(message, sender);
      } catch (error) {
        this.#onFailure(error, channel);
      }
    }
  }

  async asked(channel: string, message: unknown, sender: Sender): Promise<unknown> {
    const handler = this.#asked.get(channel);
    if (handler === undefined) throw new Error('it has no handler for it');
    return await handler(message, sender);
  }
}

/** What a correspondent is made of. */
export interface CorrespondentParts<Sender> {
  /** The name of the other process in errors: `worker 2`. */
  readonly to: string;
  /** The other process, for the handlers. */
  readonly sender: () => Sender;
  readonly handlers: ChannelHandlers<Sender>;
  /** Sends a message. It throws if the message can't be cloned, and does nothing once the connection is closed. */
  send(message: object): void;
}

/** The other end of a connection. */
export class Correspondent<Sender> {
  readonly #parts: CorrespondentParts<Sender>;
  readonly #asked = new Map<number, (packet: Extract<Packet, { kind: 'answer' }> | undefined) => void>();
  #lastId = 0;
  #hasEnded = false;

  constructor(parts: CorrespondentParts<Sender>) {
    this.#parts = parts;
  }

  tell(channel: string, message: unknown): void {
    if (!this.#hasEnded) this.#send({ mark: MARK, kind: 'tell', channel, message });
  }

  /** @throws TSK_ERR_WORKER_TIMEOUT, TSK_ERR_WORKER_ENDED, TSK_ERR_WORKER_HANDLER */
  async ask(channel: string, message: unknown, { timeoutMs }: AskOptions): Promise<unknown> {
    const { to } = this.#parts;
    if (this.#hasEnded) throw processEnded(to, channel);
    this.#lastId += 1;
    const id = this.#lastId;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(answerLate(to, channel, timeoutMs)), timeoutMs);
        this.#asked.set(id, (answer) => {
          if (answer === undefined) reject(processEnded(to, channel));
          else if (answer.failure !== undefined) reject(handlerFailed({ to, channel, failure: answer.failure }));
          else resolve(answer.message);
        });
        this.#send({ mark: MARK, kind: 'ask', channel, message, id });
      });
    } finally {
      clearTimeout(timer);
      this.#asked.delete(id);
    }
  }

  /** Takes what arrived from the other process, and ignores messages that are not ours. */
  receive(packet: unknown): void {
    if (!isPacket(packet)) return;
    if (packet.kind === 'answer') this.#asked.get(packet.id)?.(packet);
    else if (packet.kind === 'ask') void this.#answer(packet);
    else this.#parts.handlers.told(packet.channel, packet.message, this.#parts.sender());
  }

  /** The other process has ended: all that wait for an answer get an error. */
  end(): void {
    this.#hasEnded = true;
    for (const settle of this.#asked.values()) settle(undefined);
  }

  async #answer({ channel, message, id }: Extract<Packet, { kind: 'ask' }>): Promise<void> {
    const { handlers, sender } = this.#parts;
    try {
      this.#send({ mark: MARK, kind: 'answer', channel, id, message: await handlers.asked(channel, message, sender()) });
    } catch (error) {
      this.#send({ mark: MARK, kind: 'answer', channel, id, message: undefined, failure: thrownMessage(error) });
    }
  }

  #send(packet: Packet): void {
    this.#parts.send(packet);
  }
}

function isPacket(value: unknown): value is Packet {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'mark') === MARK;
}
