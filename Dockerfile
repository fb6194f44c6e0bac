# One image for every role: what a container does is said by SMAKOM__Roles (web, worker or both).
#
#   docker build -t smakom-mailer .
#
# To build from exactly the bytes that somebody has looked at, name the two images by digest:
#   docker build --build-arg SDK=mcr.microsoft.com/dotnet/sdk@sha256:… --build-arg RUNTIME=mcr.microsoft.com/dotnet/aspnet@sha256:… .
# (docker buildx imagetools inspect mcr.microsoft.com/dotnet/sdk:10.0 tells it). Both should be of one .NET version: the letters' templates
# are compiled for it here, and once more at each start where it is another.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK} AS build
WORKDIR /source
# Project files first: the packages are fetched again only when these change.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/SmaKom.Mailer.Mail/*.csproj src/SmaKom.Mailer.Mail/packages.lock.json src/SmaKom.Mailer.Mail/
COPY src/SmaKom.Mailer/*.csproj src/SmaKom.Mailer/packages.lock.json src/SmaKom.Mailer/
COPY templates/*.csproj templates/packages.lock.json templates/
RUN dotnet restore src/SmaKom.Mailer --locked-mode
COPY src src
COPY templates templates
COPY samples samples
COPY docs/guide docs/guide
RUN dotnet publish src/SmaKom.Mailer -c Release --no-restore -o /image/app
# The command line by its name: docker compose exec web smakom doctor
RUN mkdir -p /image/usr/local/bin && ln -s /app/SmaKom.Mailer /image/usr/local/bin/smakom
COPY --chmod=755 scripts/container-health /image/usr/local/bin/container-health

FROM ${RUNTIME}
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="SmaKom Mailer" \
      org.opencontainers.image.description="A self-hosted service for a monthly newsletter" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image /
WORKDIR /app
# The port lies above 1024 and nothing is written to disk, so neither root nor a writable file system is needed.
USER $APP_UID
# Logs as one JSON object a line, from the first line on: what collects them needs no parser.
ENV ASPNETCORE_HTTP_PORTS=8080 \
    Logging__Console__FormatterName=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["container-health"]
ENTRYPOINT ["dotnet", "/app/SmaKom.Mailer.dll"]
CMD ["serve", "--json"]
