# The demo, as docker-compose.yml runs it.

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.base.json ./
COPY packages packages
COPY scripts/build-console.mjs scripts/build-console.mjs
COPY examples/instrumentation-demo examples/instrumentation-demo
RUN npm ci --no-audit --no-fund
RUN npx tsc -b examples/instrumentation-demo && node scripts/build-console.mjs
# Once more, with what runs only; then the sources are of no use.
RUN npm ci --no-audit --no-fund --omit=dev --workspace=examples/instrumentation-demo \
  && rm -rf packages/*/src packages/*/test examples/*/src examples/*/test

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/packages packages
COPY --from=build /app/examples/instrumentation-demo examples/instrumentation-demo
USER node
WORKDIR /app/examples/instrumentation-demo
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8000/metrics').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
