# One image for every role: what a container does is said by SMAKOM__Roles (web, worker or both).
ARG DOTNET=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
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
RUN dotnet publish src/SmaKom.Mailer -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET}
WORKDIR /app
COPY --from=build /app .
COPY scripts/container-health /usr/local/bin/container-health
# The port lies above 1024 and nothing is written to disk, so neither root nor a writable file system is needed.
USER $APP_UID
# Logs as one JSON object a line: what collects them needs no parser.
ENV ASPNETCORE_HTTP_PORTS=8080 \
    Logging__Console__FormatterName=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["container-health"]
ENTRYPOINT ["dotnet", "SmaKom.Mailer.dll"]
CMD ["serve"]
