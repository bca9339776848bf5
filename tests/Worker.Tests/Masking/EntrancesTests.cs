using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Worker.Front;
using Worker.Hosting;
using Worker.Publishing;
using Worker.Storage;
using Worker.Tests.Commands;
using Worker.Tests.Evaluation;

namespace Worker.Tests.Masking;

/// <summary>A secret goes in by every entrance, and no byte of it is in any file.</summary>
public sealed class EntrancesTests : IDisposable
{
    private readonly CommandLine _worker = new();
    private readonly TemporaryFolder _export = new();

    private static readonly string Key = Secrets.ByShape["a GitHub token"];
    private static readonly string Card = Secrets.ByShape["a Visa card"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _worker.Dispose();
        _export.Dispose();
    }

    [Theory]
    [InlineData("POST", "/v5/tools/log", """{"log_id":"L1","path":"a","output":"KEY CARD"}""")]
    [InlineData("POST", "/v5/prompts/log", """{"path":"a","messages":[{"role":"user","content":"KEY CARD"}],"prompt":{"model":"m"} }""")]
    [InlineData("POST", "/v5/flows/log", """{"path":"a","inputs":{"KEY":{"b":["CARD"]} },"unknown":"KEY"}""")]
    [InlineData("POST", "/v5/evaluators/log", """{"path":"a","parent_id":"L1","judgment":"KEY CARD","spec":{"arguments_type":"target_free","return_type":"text","evaluator_type":"external"} }""")]
    [InlineData("PATCH", "/v5/flows/logs/L2", """{"output":"KEY CARD","trace_status":"complete"}""")]
    [InlineData("POST", "/v5/tools", """{"path":"a","function":{"name":"f","description":"KEY CARD"} }""")]
    [InlineData("POST", "/v5/prompts", """{"path":"p","model":"m","template":"KEY CARD"}""")]
    [InlineData("POST", "/v1/traces", """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"a","startTimeUnixNano":"1735689600000000000","endTimeUnixNano":"1735689601000000000","attributes":[{"key":"input.value","value":{"stringValue":"KEY CARD"} }]}]}]}]}""")]
    public async Task The_front(string method, string path, string body)
    {
        using var host = WorkerHost.BuildFront(["--Front:Address=http://127.0.0.1:0", $"--Storage:Path={_worker.Storage}"]);
        await host.Services.GetRequiredService<IStore>().PrepareAsync(Token);
        await host.StartAsync(Token);

        await SendAsync(host, new(method), path, Filled(body));

        await TakenAsync(host);
        ShouldHoldNoSecret();
        await host.StopAsync(Token);
        ShouldHoldNoSecret();
    }

    [Fact]
    public async Task The_front_while_the_broker_is_away()
    {
        using var host = WorkerHost.BuildFront(
        [
            "--Front:Address=http://127.0.0.1:0", $"--Storage:Path={_worker.Storage}",
            "--ConnectionStrings:RabbitMq=amqp://127.0.0.1:1",
        ]);
        await host.Services.GetRequiredService<IStore>().PrepareAsync(Token);
        await host.StartAsync(Token);

        await SendAsync(host, HttpMethod.Post, "/v5/tools/log", Filled("""{"path":"a","output":"KEY CARD"}"""));

        await TakenAsync(host);
        ShouldHoldNoSecret();
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task The_command_publish()
    {
        var (exitCode, _, error) = await _worker.RunAsync(
            Filled("""{"type":"tool.logged","log_id":"L1","output":"KEY CARD"}""") + "\n", ["publish", "-"]);
        exitCode.ShouldBe(0, error);

        using var host = _worker.Host();
        await TakenAsync(host);
        ShouldHoldNoSecret();
    }

    [Fact]
    public async Task The_command_import()
    {
        Directory.CreateDirectory(Path.Combine(_export.Path, "files", "a", "logs"));
        _export.Write("files/a/file.json", Filled(
            """{"id":"tl_1","path":"a","type":"tool","version_id":"tlv_1","function":{"name":"f","description":"KEY CARD"} }"""));
        _export.Write("files/a/logs/1.jsonl", Filled("""{"id":"log_1","output":"KEY CARD","inputs":{"a":"KEY"} }""") + "\n");

        var (exitCode, _, error) = await _worker.RunAsync("import", _export.Path);

        exitCode.ShouldBe(0, error);
        using var host = _worker.Host();
        await TakenAsync(host);
        ShouldHoldNoSecret();
    }

    /// <summary>As RabbitMQ's messages come, which nobody masked before.</summary>
    [Fact]
    public async Task The_workers_own_way_in_and_its_dead_letters()
    {
        using var files = new SqliteTestStore();
        var store = await files.OpenAsync(Token);
        var ingestion = new TestIngestion(store, TimeProvider.System);
        string[] good = ["""{"log_id":"L1","output":"KEY CARD","unknown":"KEY"}""", """{"inputs":{"KEY":"KEY"},"metadata":[NaN,"CARD"]}"""];
        string[] bad =
        [
            """{"log_id":"L2","output":"KEY CARD" """, "KEY CARD", """["KEY","CARD"]""", """{"log_id":7,"output":"KEY CARD"}""",
        ];
        var gzip = Compressed(Filled("""{"log_id":"L3","output":"KEY CARD"}"""));
        var unread = Compressed(Filled("""{"log_id":"L4","output":"KEY CARD" """));

        await ingestion.SendAsync(
        [
            .. good.Concat(bad).Select(body => Some.Delivery(Filled(body), "tool.logged")),
            Some.Delivery("") with { Type = "tool.logged", Body = gzip, ContentEncoding = "gzip" },
            Some.Delivery("") with { Type = "tool.logged", Body = unread, ContentEncoding = "gzip" },
            Some.Delivery("") with { Type = "unknown", Body = gzip, ContentEncoding = "gzip" },
        ]);

        ingestion.DeadLetters.Count.ShouldBe(bad.Length + 2);
        foreach (var letter in ingestion.DeadLetters)
        {
            await store.DeadLetters.AddAsync([letter], Token);
            Encoding.UTF8.GetString(letter.Body!.Value.Span).ShouldContain("[masked: github_token]");
            letter.ContentEncoding.ShouldBeNull();
        }

        (await store.Logs.ReadAsync(["L1", "L3"], Token)).Values.Select(log => log.Fields.Single(
                entry => entry.Field.Name == "output").Value!.Value.ToString())
            .ShouldAllBe(output => output == "\"[masked: github_token] [masked: card]\"");
        HoldingASecret(files.Folder).ShouldBeEmpty();
    }

    /// <summary>Nothing else writes messages of others.</summary>
    [Fact]
    public void Whoever_takes_messages_for_the_front_and_for_commands_masks_them()
    {
        foreach (var broker in new[] { "", "amqp://127.0.0.1:1" })
        {
            using var host = WorkerHost.Build([$"--Storage:Path={_worker.Storage}", $"--ConnectionStrings:RabbitMq={broker}"]);
            host.Services.GetRequiredService<IMessageIntake>().ShouldBeOfType<MaskingIntake>();
            host.Services.GetRequiredService<IMessageDestination>().ShouldBeOfType<MaskingDestination>();
        }
    }

    private static string Filled(string body) =>
        body.Replace("KEY", Key, StringComparison.Ordinal).Replace("CARD", Card, StringComparison.Ordinal);

    private static async Task SendAsync(IHost host, HttpMethod method, string path, string body)
    {
        using var client = new HttpClient { BaseAddress = new(FrontAddress.Of(host.Services)) };
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await client.SendAsync(request, Token);
        var answer = await response.Content.ReadAsStringAsync(Token);
        ((int)response.StatusCode).ShouldBeInRange(200, 299, answer);
        answer.ShouldNotContain(Key);
    }

    /// <summary>The message is there, and so its secrets would be.</summary>
    private static async Task TakenAsync(IHost host)
    {
        var taken = await host.Services.GetRequiredService<IInbox>().PeekAsync(0, 100, Token);
        taken.ShouldNotBeEmpty();
        taken.Select(message => Encoding.UTF8.GetString(message.Body.Span)).ShouldContain(body => body.Contains("[masked: "));
    }

    private void ShouldHoldNoSecret() => HoldingASecret(_worker.Storage).ShouldBeEmpty();

    private static List<string> HoldingASecret(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToList();
        files.Count.ShouldBeGreaterThan(0);
        return [.. files.Where(file => Read(file) is var bytes
            && (bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Key)) >= 0 || bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Card)) >= 0))];
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Compressed(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
