using System.CommandLine;
using Spectre.Console;
using Worker.Alerts;
using Worker.Hosting;
using Worker.Storage;

namespace Worker.Commands;

/// <summary><c>worker alerts</c>: those in the files, how it stands with them, and what they would have said.</summary>
internal static class AlertsCommand
{
    /// <summary>More would take long: a shorter time or a wider window is asked for.</summary>
    private const int MostLooks = 20_000;

    private static readonly TimeSpan Before = TimeSpan.FromDays(7);

    public static Command Create(CommandContext context)
    {
        var json = CommandContext.JsonOption("Print one JSON object a line.");
        var command = new Command("alerts", "Show how it stands with the alerts, or what one would have said.")
        {
            json, List(context), Show(context), Preview(context),
        };
        command.SetAction((result, token) => ListAsync(context, result.GetValue(json), token));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var json = CommandContext.JsonOption("Print one JSON object a line.");
        var command = new Command("list", "Show how it stands with each, by name.") { json };
        command.SetAction((result, token) => ListAsync(context, result.GetValue(json), token));
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var name = NameArgument();
        var command = new Command("show", "Print one and how it stands with it, as JSON.") { name };
        command.SetAction((result, token) => WithAlertAsync(
            context,
            result.GetRequiredValue(name),
            async (host, alert) =>
            {
                var states = await StatesAsync(host.Services, token);
                context.Terminal.Output.WriteLine(AlertJson.Of(alert, states.GetValueOrDefault(alert.Name)));
                return ExitCodes.Done;
            }));
        return command;
    }

    private static Command Preview(CommandContext context)
    {
        var name = NameArgument();
        var since = TimeOption.Create("--since", "Where to begin; seven days before the end unless given.");
        var until = TimeOption.Create("--until", "Where to end; now unless given.");
        var json = CommandContext.JsonOption("Print one JSON object a line.");
        var command = new Command("preview", "Say when it would have fired and recovered; write and tell nothing.")
        {
            name, since, until, json,
        };
        command.SetAction((result, token) => WithAlertAsync(
            context,
            result.GetRequiredValue(name),
            (_, alert) => context.WithStoreAsync(
                services => PreviewAsync(
                    context,
                    services,
                    alert,
                    (result.GetValue(since), result.GetValue(until)),
                    result.GetValue(json),
                    token),
                token)));
        return command;
    }

    private static Argument<string> NameArgument() =>
        new("ALERT") { Description = "Its name, or a file of an alert." };

    private static async Task<int> WithAlertAsync(
        CommandContext context, string name, Func<IHost, Alert, Task<int>> use)
    {
        using var host = WorkerHost.Build(context.Overrides);
        var alert = File.Exists(name)
            ? AlertFolder.ReadOne(name)
            : host.Services.GetRequiredService<AlertFolder>().All.FirstOrDefault(each => each.Name == name);
        return alert is null
            ? context.Fail(
                ExitCodes.NotFound,
                $"No alert {name} is in the files, and no such file is there; worker alerts list shows them.")
            : await use(host, alert);
    }

    private static async Task<int> ListAsync(CommandContext context, bool json, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.Build(context.Overrides);
        var alerts = host.Services.GetRequiredService<AlertFolder>().All;
        var states = await StatesAsync(host.Services, cancellationToken);
        var table = new Table().Border(TableBorder.Simple).AddColumns("alert", "state", "since", "value", "of", "what");
        foreach (var alert in alerts)
        {
            var state = states.GetValueOrDefault(alert.Name);
            if (json)
                context.Terminal.Output.WriteLine(AlertJson.Of(alert, state));
            else
                table.AddRow([.. Row(alert, state).Select(text => new Markup(PlainText.ForTerminal(text)))]);
        }

        if (!json && alerts.Count > 0)
            context.Terminal.Write(table);
        context.Terminal.Error.WriteLine(Counted.Phrase(alerts.Count, "alert") + ".");
        return ExitCodes.Done;
    }

    private static string[] Row(Alert alert, AlertState? state) =>
    [
        alert.Name,
        AlertJson.StateOf(alert, state),
        state is null ? "" : AlertJson.Instant(state.Since),
        state?.Value is { } value ? AlertWords.Value(value) : "",
        state is null ? "" : $"{state.Count}",
        AlertWords.Of(alert),
    ];

    /// <summary>Where nothing was ever stored, there are none.</summary>
    private static async Task<Dictionary<string, AlertState>> StatesAsync(
        IServiceProvider services, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IStore>();
        if (!store.Exists)
            return [];
        await store.PrepareAsync(cancellationToken);
        var states = await services.GetRequiredService<IAlertStore>().ListAsync(cancellationToken);
        return states.ToDictionary(state => state.Name, StringComparer.Ordinal);
    }

    private static async Task<int> PreviewAsync(
        CommandContext context,
        IServiceProvider services,
        Alert alert,
        (DateTimeOffset? Since, DateTimeOffset? Until) when,
        bool json,
        CancellationToken cancellationToken)
    {
        var until = AlertProgress.Cut(when.Until ?? services.GetRequiredService<TimeProvider>().GetUtcNow());
        var from = AlertProgress.Cut(when.Since ?? until - Before);
        if (!alert.IsOfVerdicts)
            return context.Fail(
                ExitCodes.Usage, $"{AlertWords.NameOf(alert.Measure)} is about what is now; nothing of it is stored.");
        if (from > until || (until - from) / AlertPreview.StepOf(alert) > MostLooks)
            return context.Fail(
                ExitCodes.Usage,
                $"--since accepts a time before the end, by {MostLooks / AlertPreview.LooksInWindow} windows at most.");

        var report = new AlertReport(alert, context.Terminal, json);
        await foreach (var look in services.GetRequiredService<AlertPreview>().RunAsync(
            alert, from, until, cancellationToken))
            report.Add(look);
        report.End(until);
        return ExitCodes.Done;
    }
}
