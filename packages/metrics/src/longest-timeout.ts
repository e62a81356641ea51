/** The longest delay of a timer, in milliseconds: about 24 days. With a longer delay, Node's timers fire at once. */
export const LONGEST_TIMEOUT_MS = 2_147_483_647;
