/** The script that reads several hashes at once, with the same form of reply from every client and protocol. */
import { script } from '../connection/script.js';

export const READ_HASHES = script(`
local replies = {}
for i = 1, #KEYS do replies[i] = redis.call('HGETALL', KEYS[i]) end
return replies
`);
