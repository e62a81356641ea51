/** The longest delay that a timer takes, in milliseconds: some 24 days. With a longer one Node's timers fire at once. */
export const LONGEST_TIMEOUT_MS = 2_147_483_647;
