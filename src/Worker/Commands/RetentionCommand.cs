using System.CommandLine;
using System.Text.Json;
using Worker.Audit;
using Worker.Retention;
using Worker.Storage;

namespace Worker.Commands;

/// <summary><c>worker retention</c>: one look at what is old, by hand.</summary>
internal static class RetentionCommand
{
    private const string About =
        "Remove now what the rules of retention let go; a worker that runs does so by itself. Says how much, by rule.";

    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static Command Create(CommandContext context)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Count, and remove nothing." };
        var compact = new Option<bool>("--compact")
        {
            Description =
                "Then write the SQLite file anew without what was freed in it. Needs as much space again, and no " +
                "worker that runs. Only needed once, for a file that an earlier build made.",
        };
        var json = CommandContext.JsonOption("Print the counts as one JSON object.");
        var command = new Command("retention", About) { dryRun, compact, json };
        command.SetAction((result, token) => context.WithStoreAsync(
            async services =>
            {
                var report = await SweepAsync(services, result.GetValue(dryRun), token);
                if (result.GetValue(compact) && !report.DryRun)
                    report.GivenBack = (report.GivenBack ?? 0) + await CompactAsync(services, token);
                if (result.GetValue(json))
                    context.Terminal.Output.WriteLine(JsonSerializer.Serialize(report, SnakeCase));
                Say(context.Terminal, report, services.GetRequiredService<Sweep>().IsOn);
                return ExitCodes.Done;
            },
            token));
        return command;
    }

    private static Task<SweepReport> SweepAsync(
        IServiceProvider services, bool dryRun, CancellationToken cancellationToken)
    {
        var record = new ActRecord();
        return dryRun
            ? RunAsync()
            : services.GetRequiredService<AuditTrail>().RecordAsync(
                AuditActor.OfCommandLine,
                AuditAct.RetentionRun,
                record,
                async () =>
                {
                    var report = await RunAsync();
                    report.Record(record);
                    return report;
                },
                cancellationToken);

        Task<SweepReport> RunAsync() => services.GetRequiredService<Sweep>().RunAsync(
            AuditActor.OfCommandLine, dryRun, _ => Task.FromResult(true), cancellationToken);
    }

    /// <summary>Holds the store, so that no worker is kept waiting for as long as that takes.</summary>
    private static async Task<long> CompactAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        using var hold = services.GetRequiredService<IStore>().Hold();
        return services.GetService<ISpace>() is { } space ? await space.CompactAsync(cancellationToken) : 0;
    }

    private static void Say(Terminal terminal, SweepReport report, bool isOn)
    {
        if (!isOn)
            terminal.Error.WriteLine("Nothing is configured to be removed: see Retention in docs/configuration.md.");
        var verb = report.DryRun ? "would go" : "are gone";
        foreach (var (rule, removed) in report.Rules)
        {
            terminal.Error.WriteLine(
                $"By {rule}: {Counted.Phrase(removed.Traces, "trace")} with {Counted.Phrase(removed.Logs, "Log")}, " +
                $"about {Counted.Phrase(removed.Bytes, "byte")}, {verb}.");
        }

        if (report.Rules.Count == 0)
            terminal.Error.WriteLine("No trace is old enough to go.");
        if (report.Pinned > 0)
            terminal.Error.WriteLine($"Pinned, and kept: {Counted.Phrase(report.Pinned, "trace")}.");
        if (report.Tombstones + report.DeadLetters > 0)
        {
            terminal.Error.WriteLine(
                $"{Counted.Phrase(report.Tombstones, "tombstone")} and " +
                $"{Counted.Phrase(report.DeadLetters, "dead letter")} {verb}.");
        }

        if (report.AuditEntries > 0)
            terminal.Error.WriteLine($"Of the audit, {report.AuditEntries:N0} old entries {verb}.");

        if (report.GivenBack > 0)
            terminal.Error.WriteLine($"{Counted.Phrase(report.GivenBack.Value, "byte")} given back to the disk.");
    }
}
