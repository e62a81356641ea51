/** The script that adds one part of what a process has counted to the totals: once, and all of it. */
import { script } from '../connection/script.js';

/**
 * KEYS[1] is the key of the process. All others begin with the same prefix, so they have the same slot in a cluster, which is told of each of them in
 * KEYS: while it moves the slot to another node, it refuses a script whose keys are not all on one of the two, and would not notice those that it was
 * not told of.
 *
 * The first writes are those that may fail for want of memory or of permissions, and nothing has been counted by then. After them, Redis refuses
 * nothing but writes to keys of other types, which are counted and reported: an error would leave the part applied by half.
 *
 * @see https://redis.io/docs/latest/develop/programmability/eval-intro/ scripts are not rolled back
 */
export const APPLY = script(`
local process, id = KEYS[1], ARGV[1]
local base = string.sub(process, 1, #process - #('process:' .. id))
local sequence, previous = tonumber(ARGV[2]), tonumber(ARGV[3])
local known = tonumber(redis.call('HGET', process, 'sequence') or '0')
if sequence <= known then return {'duplicate', known, 0, ''} end
if known ~= previous then return {'behind', known, 0, ''} end
local part = cjson.decode(ARGV[4])

redis.call('HINCRBY', process, 'parts', 1)
redis.call('HINCRBYFLOAT', process, 'seconds', 0)
redis.call('PEXPIRE', process, ARGV[5])
redis.call('INCRBY', base .. 'parts', 1)
redis.call('SET', base .. 'created', part.at, 'NX')
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', base .. 'processes', '-inf', ms)
redis.call('ZADD', base .. 'processes', ms + ARGV[6], id)
redis.call('HSET', process, 'sequence', sequence, 'at', part.at)

local refused, why = 0, ''
local function write(...)
  local reply = redis.pcall(...)
  if type(reply) == 'table' and reply.err then
    refused = refused + 1
    why = reply.err
  end
end
local function later(key, at)
  local before = redis.pcall('GET', key)
  if type(before) ~= 'string' or before < at then write('SET', key, at) end
end
local function called(list, names)
  for i = 1, #list, 4 do
    local name = list[i]
    write('HSET', base .. names[1], name, '')
    write('INCRBY', base .. names[2] .. name, list[i + 1])
    write('INCRBY', base .. names[3] .. name, list[i + 2])
    if list[i + 3] ~= '' then later(base .. names[4] .. name, list[i + 3]) end
  end
end
later(base .. 'updated', part.at)
called(part.endpoints, {'endpoints', 'endpoint_calls:', 'endpoint_failures:', 'last_called:'})
called(part.methods, {'methods', 'method_calls:', 'method_failures:', 'method_last_called:'})
for i = 1, #part.heads, 2 do write('HSET', base .. 'families', part.heads[i], part.heads[i + 1]) end
for i = 1, #part.counters, 2 do
  local key, list = base .. 'counter:' .. part.counters[i], part.counters[i + 1]
  for j = 1, #list, 2 do write('HINCRBYFLOAT', key, list[j], list[j + 1]) end
end
for i = 1, #part.histograms, 2 do
  local name, list = part.histograms[i], part.histograms[i + 1]
  for j = 1, #list do
    local point = list[j]
    local key = base .. 'histogram:' .. name .. ':' .. point[1]
    write('HINCRBY', base .. 'histograms:' .. name, point[1], point[2])
    write('HINCRBYFLOAT', key, 'sum', point[3])
    if point[4] > 0 then write('HINCRBY', key, 'zeros', point[4]) end
    for k = 1, #point[5], 2 do write('HINCRBY', key, 'le:' .. point[5][k], point[5][k + 1]) end
    for k = 1, #point[6], 2 do write('HINCRBY', key, 'fine:' .. point[6][k], point[6][k + 1]) end
  end
end
for i = 1, #part.summaries, 2 do
  local name, list = part.summaries[i], part.summaries[i + 1]
  for j = 1, #list, 3 do
    write('HINCRBY', base .. 'summary_count:' .. name, list[j], list[j + 1])
    write('HINCRBYFLOAT', base .. 'summary_sum:' .. name, list[j], list[j + 2])
  end
end
if part.current then write('SET', base .. 'current:' .. id, part.current, 'PX', ARGV[6]) end
return {'applied', sequence, refused, why}
`);
