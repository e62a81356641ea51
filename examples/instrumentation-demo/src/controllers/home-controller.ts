/** `/`: what there is to see, as links. */
import { Controller, Get, Reply } from 'tsukimi';
import { DEFAULT_URL, trafficCommand } from '../traffic/options.js';

const LINKS = [
  ['/metrics/ui/', 'the live page: everything below, as it moves'],
  ['/api/users', 'users'],
  ['/api/orders', 'orders'],
  ['/api/orders/revenue', 'revenue'],
  ['/metrics', 'metrics as JSON, for people'],
  ['/metrics/prometheus', 'metrics as text, for Prometheus'],
] as const;

const page = (url: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tsukimi demo</title>
<h1>Tsukimi demo: users and orders, measured</h1>
<ul>
${LINKS.map(([path, text]) => `<li><a href="${path}">${path}</a>: ${text}</li>`).join('\n')}
</ul>
<p><code>${trafficCommand(url)}</code> in a second terminal sends it something to measure.</p>
</html>
`;

/** What is used here of Fastify's reply. */
interface HtmlReply {
  type(contentType: string): unknown;
  readonly server: { readonly listeningOrigin: string; readonly server: { readonly listening: boolean } };
}

@Controller('/')
export class HomeController {
  @Get('/')
  page(@Reply() reply: HtmlReply): string {
    reply.type('text/html; charset=utf-8');
    // A test that injects requests has no address.
    return page(reply.server.server.listening ? reply.server.listeningOrigin : DEFAULT_URL);
  }
}
