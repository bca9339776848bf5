using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Worker.Ingestion;
using Worker.Masking;

namespace Worker.Benchmarks;

/// <summary>What masking costs a message of 20 KB: one without secrets, and others; beside what decoding it costs.</summary>
internal static class MaskingBenchmark
{
    private const int Bytes = 20_000;

    /// <summary>Microseconds of CPU, for a body in which nothing is to be masked: about what decoding it takes.</summary>
    private const double Ceiling = 60;

    private const string Paragraph =
        "The order 4711-0815 was shipped on 2026-01-02T03:04:05.678Z (see https://shop.example.com/orders/4711?tab=2#top), " +
        "trace 4bf92f3577b34da6a3ce929d0e0e4736, 0.123456789012345 of 1024 tokens. \"Why?\" he asked; it's a task-based risk.\n";

    private static readonly JsonSerializerOptions Escaped = new();
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static int Run(int rounds, bool json)
    {
        var report = new Report("masking", json);
        report.State("machine", $"{Machine.Description}");
        report.State("payload", $"{Bytes:N0} bytes of prose, addresses, times and numbers; {rounds:N0} times each");
        var byShape = Masker();
        Measure(report, "no secret", byShape, Body(Plain), rounds, Ceiling);
        Measure(report, "no secret, as .NET escapes", byShape, Body(Escaped), rounds);
        Measure(report, "no secret, with \\/ as PHP writes", byShape, Slashed(), rounds);
        Measure(report, "three secrets", byShape, Body(Plain, secrets: 3), rounds);
        Measure(
            report,
            "no secret, two fields",
            Masker(("Masking:Fields", "metadata.user.email, inputs.password")),
            Body(Plain),
            rounds);
        Measure(
            report,
            "no secret, one own pattern",
            Masker(("Masking:Patterns:e-mail", @"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")),
            Body(Plain),
            rounds);
        var decoder = new MessageDecoder(new IngestionOptions().MaxMessageBytes);
        Measure(
            report,
            "decoding, without masking",
            body => decoder.Decode(new() { Body = body, Type = "tool.logged", ReceivedAt = default, Tag = 1 }),
            Body(Plain),
            rounds);
        return report.Finish();
    }

    private static void Measure(
        Report report, string name, Masker masker, byte[] body, int rounds, double? ceiling = null) =>
        Measure(report, name, each => masker.Mask(each), body, rounds, ceiling);

    private static void Measure<T>(
        Report report, string name, Func<ReadOnlyMemory<byte>, T> work, byte[] body, int rounds, double? ceiling = null)
    {
        // The first ones are compiled meanwhile, and the tier above comes a little later.
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 500;)
            work(body);
        var (begun, allocated) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
        for (var i = 0; i < rounds; i++)
            work(body);
        var elapsed = Environment.CpuUsage.TotalTime - begun;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        report.Add(new(name, elapsed.TotalMicroseconds / rounds, "µs CPU", Ceiling: ceiling));
        report.Add(new("  allocated", (double)allocated / rounds, "bytes"));
    }

    private static Masker Masker(params (string Key, string Value)[] settings) => new(MaskingSettings.Read(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(each => each.Key, each => (string?)each.Value))
            .Build()).Rules);

    private static byte[] Body(JsonSerializerOptions options, int secrets = 0)
    {
        var text = new StringBuilder();
        while (text.Length < Bytes - 500)
        {
            // Put together here, so that nothing that looks for secrets finds one in this file.
            if (secrets > 0 && text.Length > (4 - secrets) * (Bytes / 4))
                text.Append("ghp").Append('_').Append("aZ8bY7cX6dW5eV4fU3gT2hS1iR0jQ9kP8lO7", 0, 36 - secrets--).Append("m6N");
            text.Append(Paragraph);
        }

        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                log_id = "0194f3a2-7b1c-7d3e-9f00-123456789abc",
                path = "support/answer",
                start_time = "2026-01-02T03:04:05Z",
                inputs = new { question = Paragraph, order = 4711 },
                output = text.ToString(),
                metadata = new { region = "eu", score = 0.5, user = new { name = "somebody" } },
            },
            options);
    }

    private static byte[] Slashed() => Encoding.UTF8.GetBytes(
        Encoding.UTF8.GetString(Body(Plain)).Replace("/", "\\/", StringComparison.Ordinal));
}
