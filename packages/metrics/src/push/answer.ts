/** The answer to a push. */

/** Far more than receivers answer. */
const LONGEST_ANSWER_BYTES = 64 * 1024;

/** Returns the beginning of a response, or as much as can be read if it breaks off or the time limit passes. */
export async function answerOf({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > LONGEST_ANSWER_BYTES) break;
    }
  } catch {
    // The status has been read, and says whether the push was taken.
  }
  return Buffer.concat(chunks);
}
