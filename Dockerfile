FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Worker.Contracts/Worker.Contracts.csproj src/Worker.Contracts/
COPY src/Worker/Worker.csproj src/Worker/
# Compiled for this processor beforehand: a worker that starts with a full queue would spend a quarter of its time compiling.
RUN dotnet restore src/Worker --use-current-runtime -p:PublishReadyToRun=true
COPY config/ config/
COPY src/ src/
RUN dotnet publish src/Worker -c Release -o /app --no-restore --use-current-runtime --self-contained false -p:PublishReadyToRun=true

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# For Evaluators of the kind python: the interpreter with its standard library, and nothing else.
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app .
RUN mkdir /data && chown "$APP_UID" /data
# Any number of workers on RabbitMQ and MongoDB. With Mode=embedded one alone keeps its data in /data.
ENV Mode=server Storage__Path=/data
VOLUME /data
USER $APP_UID
# Of worker run and worker serve: that it does its work, asked at its front.
HEALTHCHECK --interval=15s --timeout=10s --start-period=20s --retries=3 \
    CMD ["/app/worker", "health", "ready"]
ENTRYPOINT ["/app/worker"]
CMD ["run"]
