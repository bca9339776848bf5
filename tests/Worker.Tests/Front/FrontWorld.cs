using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Worker.Assessment;
using Worker.Audit;
using Worker.DeadLetters;
using Worker.DeadLetters.Local;
using Worker.Evaluation;
using Worker.Diagnostics;
using Worker.Front;
using Worker.Ingestion;
using Worker.Masking;
using Worker.Publishing;
using Worker.Reading;
using Worker.Storage;
using Worker.Tests.Front.Description;
using Worker.Traces;
using Worker.Viewer;
using Worker.Viewer.Mcp;

namespace Worker.Tests.Front;

/// <summary>The front on a free port, with a store in memory, and messages that are taken into a list.</summary>
internal sealed class FrontWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestIngestion _worker;
    private int _drained;

    private FrontWorld(Dictionary<string, string?> settings, bool hasViewer = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Front:Address"] = "http://127.0.0.1:0" })
            .AddInMemoryCollection(settings);
        builder.Services.AddLogging()
            .Configure<IngestionOptions>(builder.Configuration.GetSection(IngestionOptions.SectionName))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IMessageIntake>(Intake)
            .AddSingleton<ILogStore>(Store)
            .AddSingleton<ILogListing>(Store)
            .AddSingleton<ITraceStore>(Store)
            .AddSingleton<IFileStore>(Store)
            .AddSingleton<IFileListing>(Store)
            .AddSingleton<IMonitoringStore>(Store)
            .AddSingleton<IRunStore>(Store)
            .AddSingleton<IEvaluatorLogStore>(Store)
            .AddSingleton<IKeyStore>(Store)
            .AddSingleton<IReadySign>(new StoreServer(Store))
            .AddSingleton<Readiness>()
            .AddSingleton(Stalls)
            .AddSingleton<IPostedVerdictStore>(Store)
            .AddSingleton<IAuditStore>(Store)
            .AddSingleton<StoreResilience>()
            .AddAudit()
            .AddMasking(builder.Configuration)
            .AddReading();
        builder.AddFront();
        if (hasViewer)
        {
            builder.Services
                .AddSingleton<IBudgetStore>(Store)
                .AddSingleton<IAttemptStore>(Store)
                .AddSingleton<IInbox>(Store)
                .AddSingleton<IDeadLetterStore>(Store)
                .AddSingleton<IVerdictListing>(Store)
                .AddSingleton<IWorkerStore>(Store)
                .AddSingleton(Self)
                .AddSingleton<IDeadLetters, LocalDeadLetters>()
                .AddEvaluators(builder.Configuration)
                .AddAssessment()
                .AddViewer();
        }

        var hasMcp = hasViewer && builder.Configuration.GetValue<bool>("Front:Mcp");
        if (hasMcp)
            builder.Services.AddMcp();
        _app = builder.Build();
        _app.MapFront();
        if (hasViewer)
            _app.MapViewer();
        if (hasMcp)
            _app.MapMcp();
        Client = new(Exchanges);
        _worker = new(StoreUnderTest.Of(Store), TimeProvider.System);
    }

    public InMemoryStore Store { get; } = new();

    public Stalls Stalls { get; } = new();

    public ThisWorker Self { get; } = new("serve", Some.Time);

    public FakeIntake Intake { get; } = new();

    /// <summary>Every exchange of which is held to the front's description.</summary>
    public HttpClient Client { get; }

    public DescribedExchanges Exchanges { get; } = new();

    public EndpointDataSource Endpoints => _app.Services.GetRequiredService<EndpointDataSource>();

    /// <summary>Where it listens for whoever watches it, if it was told to.</summary>
    public Uri HealthAddress => new(HealthDoor.AddressIn(_app.Services)!);

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Adds a key, and returns what opens with it.</summary>
    public async Task<string> KeyAsync(KeyRoles roles, string? path = null, int? rate = null, int? maxBody = null)
    {
        var (text, id, hash) = KeySecret.Make();
        await Store.AddAsync(
            new ApiKey
            {
                Id = id, Name = "somebody", Hash = hash, Roles = roles, Path = path, Rate = rate, MaxBody = maxBody, CreatedAt = Some.Time,
            },
            Token);
        return text;
    }

    public static async Task<FrontWorld> StartAsync(params (string Key, string Value)[] settings)
    {
        var world = new FrontWorld(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value));
        await world._app.StartAsync(Token);
        world.Client.BaseAddress = new Uri(FrontAddress.Of(world._app.Services));
        return world;
    }

    /// <summary>With the page that people look at; what is asked by <see cref="Browser"/> is not described.</summary>
    public static async Task<FrontWorld> StartWithViewerAsync(params (string Key, string Value)[] settings)
    {
        var world = new FrontWorld(
            settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value), hasViewer: true);
        await world._app.StartAsync(Token);
        world.Client.BaseAddress = world.Browser.BaseAddress = new Uri(FrontAddress.Of(world._app.Services));
        return world;
    }

    /// <summary>As a browser asks, without cookies of its own.</summary>
    public HttpClient Browser { get; } = new(new HttpClientHandler { UseCookies = false });

    /// <summary>The body is sent as it is; null sends none.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Json)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "text/plain");
        return await SendAsync(request);
    }

    public async Task<(HttpStatusCode Status, JsonNode? Json)> SendAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task<(HttpStatusCode Status, JsonNode? Json)> PostAsync(string path, string body) =>
        SendAsync(HttpMethod.Post, path, body);

    public Task<(HttpStatusCode Status, JsonNode? Json)> PatchAsync(string path, string body) =>
        SendAsync(HttpMethod.Patch, path, body);

    public Task<(HttpStatusCode Status, JsonNode? Json)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>A worker reads what was taken since the last time.</summary>
    public async Task DrainAsync()
    {
        var taken = Intake.Taken.Skip(_drained).ToList();
        _drained += taken.Count;
        foreach (var message in taken)
            await _worker.SendAsync([Delivered(message)]);
        _worker.DeadLetters.ShouldBeEmpty();
    }

    private static InboundMessage Delivered(InboxMessage message) => new()
    {
        Body = message.Body,
        Type = message.Type,
        MessageId = message.MessageId,
        ContentType = message.ContentType,
        ReceivedAt = TimeProvider.System.GetUtcNow(),
        Tag = 0,
    };

    public Task<IReadOnlyDictionary<string, Log>> LogsAsync(params string[] ids) => ((ILogStore)Store).ReadAsync(ids, Token);

    /// <summary>The body of the only message that was taken.</summary>
    public JsonNode OnlyBody() => JsonNode.Parse(Intake.Taken.ShouldHaveSingleItem().Body.Span)!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Browser.Dispose();
        await _app.DisposeAsync();
    }
}
