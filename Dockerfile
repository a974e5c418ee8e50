# docker build -t ajar . && docker run --rm --read-only --network none -v "$PWD:/work:ro" ajar audit --offline .
FROM node:24-slim AS build
WORKDIR /ajar
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run -s build

# What the program loads late from packages; none of them needs a script of its own.
FROM node:24-slim AS packages
WORKDIR /ajar
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24-slim
# git reads repositories, and knows them as somebody else's when they are mounted.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && git config --system --add safe.directory '*'
COPY --from=build /ajar/package.json /ajar/LICENSE /ajar/
COPY --from=packages /ajar/node_modules /ajar/node_modules
COPY --from=build /ajar/dist /ajar/dist
COPY --from=build /ajar/rules /ajar/rules
COPY --from=build /ajar/schema /ajar/schema
RUN ln -s /ajar/dist/bin.cjs /usr/local/bin/ajar
# A number: whoever forbids root cannot look names up.
USER 65532:65532
ENV HOME=/tmp
WORKDIR /work
ENTRYPOINT ["ajar"]
CMD ["--help"]
