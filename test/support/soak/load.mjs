// Orders all the time, and tells its parent of each answer and each failure. Half of its connections are kept open.
import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const url = process.argv[2];
const CLIENTS = 8;
// A worker that is killed can take a connection with it that nobody answers any more.
const TIMEOUT_MS = 5000;
let isOver = false;
process.on('message', () => {
  isOver = true;
});

function order(agent) {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/order`, { agent, timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text).pid);
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}

async function run(index) {
  const agent = new Agent({ keepAlive: index % 2 === 0, maxSockets: 1 });
  while (!isOver) {
    try {
      process.send({ pid: await order(agent), atMs: Date.now() });
    } catch (error) {
      process.send({ failure: error.code ?? error.message, atMs: Date.now() });
    }
    await wait(20 + Math.random() * 40);
  }
  agent.destroy();
}
await Promise.all(Array.from({ length: CLIENTS }, (_, index) => run(index)));
process.disconnect();
