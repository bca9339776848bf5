using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Worker.Evaluation;
using Worker.Hosting;
using Worker.Runs;
using Worker.Storage;
using Worker.Traces;

namespace Worker.Commands;

/// <summary><c>worker evaluators</c>: those in the files, and what they would say.</summary>
internal static class EvaluatorsCommand
{
    private const int Longest = 10_000;

    public static Command Create(CommandContext context) =>
        new("evaluators", "List the Evaluators in the files, show one, try one, or see whether it judges as people do.")
        {
            List(context), Show(context), Test(context), AgreementCommand.Create(context),
        };

    private static Command List(CommandContext context)
    {
        var json = CommandContext.JsonOption("Print one JSON object a line.");
        var command = new Command("list", "List them by path.") { json };
        command.SetAction(result =>
        {
            using var host = WorkerHost.Build(context.Overrides);
            WriteList(
                context.Terminal,
                host.Services.GetRequiredService<EvaluatorCatalog>().All,
                result.GetValue(json));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var path = new Argument<string>("EVALUATOR") { Description = "Its path, or a file of an Evaluator." };
        var command = new Command("show", "Print what makes its Version, as JSON.") { path };
        command.SetAction(result =>
        {
            using var host = WorkerHost.Build(context.Overrides);
            return Find(context, host.Services, result.GetRequiredValue(path), evaluator =>
            {
                context.Terminal.Output.WriteLine(AsJson(evaluator));
                return Task.FromResult(ExitCodes.Done);
            });
        });
        return command;
    }

    private static Command Test(CommandContext context)
    {
        var path = new Argument<string>("EVALUATOR") { Description = "Its path, or a file of an Evaluator." };
        var log = new Argument<string>("LOG") { Description = "The id of a stored Log." };
        var preview = new Option<bool>("--preview")
        {
            Description = "Show what it would be asked, and ask nobody.",
        };
        var json = CommandContext.JsonOption("Print the verdict as one JSON object.");
        var command = new Command("test", "Let it judge a stored trace, and write nothing.")
        {
            path, log, preview, json,
        };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => Find(context, services, result.GetRequiredValue(path), evaluator => result.GetValue(preview)
                ? PreviewAsync(context, services, evaluator, result.GetRequiredValue(log), token)
                : TestAsync(
                    context, services, evaluator, result.GetRequiredValue(log), result.GetValue(json), token)),
            token));
        return command;
    }

    private static async Task<int> TestAsync(
        CommandContext context,
        IServiceProvider services,
        Evaluator evaluator,
        string logId,
        bool json,
        CancellationToken cancellationToken)
    {
        var trial = services.GetRequiredService<EvaluatorTrial>();
        if (await trial.JudgeAsync(evaluator, logId, cancellationToken) is not { } result)
            return context.Fail(ExitCodes.NotFound, $"No Log {logId} is stored.");
        if (result.Verdict is not { } verdict)
            return context.Fail(ExitCodes.SomeFailed, $"No verdict: {PlainText.Line(result.Why!, Longest)}");

        if (json)
            context.Terminal.Output.WriteLine(AsJson(verdict));
        else
            Write(context.Terminal, verdict);
        return verdict.Error is null ? ExitCodes.Done : ExitCodes.SomeFailed;
    }

    private static async Task<int> PreviewAsync(
        CommandContext context,
        IServiceProvider services,
        Evaluator evaluator,
        string logId,
        CancellationToken cancellationToken)
    {
        var trial = services.GetRequiredService<EvaluatorTrial>();
        if (evaluator.Judging.Call is null)
            return context.Fail(ExitCodes.Usage, $"{evaluator.Path} is asked nothing; leave --preview out.");
        if (await trial.PreviewAsync(evaluator, logId, cancellationToken) is not { } text)
            return context.Fail(ExitCodes.NotFound, $"No Log {logId} is stored.");
        context.Terminal.Output.WriteLine(text);
        return ExitCodes.Done;
    }

    /// <summary>By its path in the files, or in a file that is in no folder yet.</summary>
    public static Task<int> Find(
        CommandContext context, IServiceProvider services, string name, Func<Evaluator, Task<int>> use)
    {
        var catalog = services.GetRequiredService<EvaluatorCatalog>();
        if (File.Exists(name))
            return use(services.GetRequiredService<EvaluatorTrial>().Load(name));
        var path = DerivedIds.NormalPath(name);
        return catalog.All.FirstOrDefault(evaluator => evaluator.Path == path) is { } found
            ? use(found)
            : Task.FromResult(context.Fail(
                ExitCodes.NotFound,
                $"No Evaluator {name} is in the files, and no such file is there; worker evaluators list shows them."));
    }

    private static void WriteList(Terminal terminal, IReadOnlyList<Evaluator> evaluators, bool json)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            "path", "kind", "returns", "attached to", "sample", "version");
        foreach (var evaluator in evaluators)
        {
            if (json)
                terminal.Output.WriteLine(AsJson(evaluator));
            else
                AddRow(table, evaluator);
        }

        if (!json && evaluators.Count > 0)
            terminal.Write(table);
        terminal.Error.WriteLine(Counted.Phrase(evaluators.Count, "Evaluator") + ".");
    }

    private static void AddRow(Table table, Evaluator evaluator)
    {
        var texts = new[]
        {
            evaluator.Path,
            KindOf(evaluator),
            EnumName<ReturnType>.Of(evaluator.Judging.Returns.Returns),
            string.Join(", ", evaluator.Attachments),
            FormattableString.Invariant($"{evaluator.Sampling?.Rate ?? 1}"),
            evaluator.VersionId,
        };
        table.AddRow([.. texts.Select(text => new Markup(PlainText.ForTerminal(text)))]);
    }

    private static string KindOf(Evaluator evaluator) =>
        JsonElement.Parse(evaluator.Spec.Utf8.Span).GetProperty("kind").GetString()!;

    private static string AsJson(Evaluator evaluator) => CommandJson.Of(new
    {
        evaluator.Id,
        evaluator.Path,
        evaluator.VersionId,
        evaluator.Description,
        Attachments = evaluator.Attachments.Select(each => each.ToString()),
        Sample = evaluator.Sampling?.Rate ?? 1,
        When = evaluator.When?.Text,
        Spec = JsonElement.Parse(evaluator.Spec.Utf8.Span),
    });

    private static string AsJson(EvaluatorLog verdict) => CommandJson.Of(new
    {
        verdict.LogId,
        verdict.EvaluatorId,
        verdict.EvaluatorVersionId,
        verdict.Path,
        Judgment = Element(verdict.Judgment),
        verdict.Reason,
        verdict.Error,
        verdict.Stdout,
        Details = Element(verdict.Details),
        verdict.StartTime,
        verdict.EndTime,
    });

    private static JsonElement? Element(JsonValue? value) =>
        value is { } json ? JsonElement.Parse(json.Utf8.Span) : null;

    private static void Write(Terminal terminal, EvaluatorLog verdict)
    {
        var said = verdict.Error is { } error ? $"failed: {error}"
            : verdict.Judgment is { } judgment ? judgment.ToString()
            : "abstained";
        terminal.Output.WriteLine($"{verdict.Path}: {PlainText.Line(said, Longest)}");
        foreach (var (name, text) in new[] { ("Reason", verdict.Reason), ("Printed", verdict.Stdout) })
        {
            if (!string.IsNullOrEmpty(text))
                terminal.Output.WriteLine($"{name}: {PlainText.Line(text.TrimEnd(), Longest)}");
        }

        if (verdict.Details is { } details)
            terminal.Output.WriteLine($"Details: {PlainText.Line(details.ToString(), Longest)}");
        var took = verdict.EndTime - verdict.StartTime;
        terminal.Error.WriteLine($"It took {took.TotalMilliseconds:0} ms; nothing was written.");
    }
}
