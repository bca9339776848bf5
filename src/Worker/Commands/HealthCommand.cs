using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Worker.Errors;
using Worker.Front;
using Worker.Hosting;

namespace Worker.Commands;

/// <summary>
/// <c>worker health</c>: asks a running front how it is, for whoever has no other program to ask with. Builds nothing
/// of the worker, because it is called every few seconds.
/// </summary>
internal static class HealthCommand
{
    /// <summary>Longer than the front itself waits for its servers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private const int LongestAnswer = 64 * 1024;

    private static readonly Argument<string> What = new("live|ready|stall")
    {
        Description = "Whether it answers at all, does its work (the default), or stands still somewhere.",
        DefaultValueFactory = _ => "ready",
    };

    private static readonly Option<string?> Address = new("--address")
    {
        Description = "Where the front listens, e.g. http://worker:8080; by default, what Front:Address says.",
        HelpName = "URL",
    };

    private static readonly Option<bool> Json = CommandContext.JsonOption("Print what the front answered.");

    public static Command Create(CommandContext context)
    {
        var command = new Command(
            "health", "Ask the front of a running worker how it is; 0 is well, 1 is not, 3 is no answer.")
        {
            What.AcceptOnlyFromAmong("live", "ready", "stall"), Address, Json,
        };
        command.SetAction((result, cancellationToken) => RunAsync(
            context,
            result.GetValue(What)!,
            AddressOf(result.GetValue(Address), context.Overrides),
            result.GetValue(Json),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, string what, Uri address, bool json, CancellationToken cancellationToken)
    {
        var asked = new Uri($"{address.AbsoluteUri.TrimEnd('/')}/health/{what}");
        if (await AskAsync(asked, cancellationToken) is not { } answer)
        {
            return context.Fail(
                ExitCodes.Unreachable, $"What answers at {asked} is no front of a worker; correct the address.");
        }

        var isWell = (string?)answer["status"] == "ok";
        if (json)
            context.Terminal.Output.WriteLine(answer.ToJsonString());
        else if (isWell)
            context.Terminal.Output.WriteLine("ok");
        foreach (var reason in json ? [] : answer["reasons"]?.AsArray() ?? [])
            context.Terminal.Output.WriteLine(OneLine.Of((string)reason!) + ".");
        return isWell ? ExitCodes.Done : ExitCodes.SomeFailed;
    }

    /// <summary>Null for an answer that no front gives. Throws <see cref="ServerUnreachableException"/>.</summary>
    private static async Task<JsonObject?> AskAsync(Uri asked, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LongestAnswer };
        try
        {
            using var response = await client.GetAsync(asked, cancellationToken);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) as JsonObject;
            return answer?["status"]?.GetValueKind() == JsonValueKind.String ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            throw new ServerUnreachableException(
                $"Nobody answers at {asked} ({OneLine.Of(exception.GetBaseException().Message)}); " +
                "start worker run or serve with its front, or say with --address where it listens.",
                exception);
        }
    }

    /// <summary>Throws <see cref="ConfigurationException"/>.</summary>
    private static Uri AddressOf(string? given, IReadOnlyList<string> overrides)
    {
        if (given is not null)
        {
            return Uri.TryCreate(given, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new ConfigurationException(
                    [$"--address is \"{given}\"; it takes one such as http://127.0.0.1:8080."]);
        }

        var configured = WorkerConfiguration.ReadAsFarAsPossible(overrides)[FrontAddress.Key]
            ?? new FrontOptions().Address;
        if (FrontAddress.Fault(configured) is { } fault)
            throw new ConfigurationException([fault]);
        return FrontAddress.Parse(configured).FromHere() ?? throw new ConfigurationException(
            [$"{FrontAddress.Key} leaves the port to the system; say with --address where the front listens."]);
    }
}
