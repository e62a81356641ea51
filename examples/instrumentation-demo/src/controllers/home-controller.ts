/** `/`: what there is to see, as links. */
import { Controller, Get, Reply } from 'tsukimi';

const LINKS = [
  ['/api/users', 'users'],
  ['/api/orders', 'orders'],
  ['/api/orders/revenue', 'revenue'],
  ['/metrics', 'metrics as JSON, for people'],
  ['/metrics/prometheus', 'metrics as text, for Prometheus'],
] as const;

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tsukimi demo</title>
<h1>Tsukimi demo: users and orders, measured</h1>
<ul>
${LINKS.map(([path, text]) => `<li><a href="${path}">${path}</a>: ${text}</li>`).join('\n')}
</ul>
<p><code>npm run traffic</code> in a second terminal sends it something to measure.</p>
</html>
`;

@Controller('/')
export class HomeController {
  @Get('/')
  page(@Reply() reply: { type(contentType: string): unknown }): string {
    reply.type('text/html; charset=utf-8');
    return PAGE;
  }
}
