using System.CommandLine;
using Spectre.Console;
using Worker.Audit;
using Worker.Front;
using Worker.Hosting;
using Worker.Storage;

namespace Worker.Commands;

/// <summary><c>worker keys</c>: who may ask the HTTP front.</summary>
internal static class KeysCommand
{
    private const int LongestName = 100;

    public static Command Create(CommandContext context) =>
        new(
            "keys",
            "Make, list or revoke the keys of the HTTP front. As soon as there is one, nobody comes in without.")
        {
            Make(context), List(context), Revoke(context),
        };

    private static Command Make(CommandContext context)
    {
        var name = new Argument<string>("NAME") { Description = "Whose it is, for people." };
        var roles = new Option<string>("--role")
        {
            Description =
                "What it is for, several with commas: ingest (log, update and delete Logs), read, " +
                "review (give verdicts), admin (everything).",
            DefaultValueFactory = _ => "ingest,read",
        };
        var path = new Option<string?>("--path") { Description = "Only for Files at this path and under it." };
        var rate = new Option<int?>("--rate") { Description = "Requests a second at most, at each front." };
        var maxBody = new Option<int?>("--max-body")
        {
            Description = "Bytes of a body at most, as it comes and unpacked.",
        };
        var json = CommandContext.JsonOption("Print one JSON object.");
        var command = new Command("create", "Make a key, and print it: it is not shown again.")
        {
            name, roles, path, rate, maxBody, json,
        };
        command.SetAction((result, token) =>
        {
            var (key, fault) = Of(
                result.GetRequiredValue(name),
                result.GetValue(roles)!,
                result.GetValue(path),
                result.GetValue(rate),
                result.GetValue(maxBody));
            return key is null
                ? Task.FromResult(context.Fail(ExitCodes.Usage, fault!))
                : MakeAsync(context, key, result.GetValue(json), token);
        });
        return command;
    }

    private static Command List(CommandContext context)
    {
        var json = CommandContext.JsonOption("Print one JSON object a line.");
        var command = new Command("list", "List them, the oldest first.") { json };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => ListAsync(
                context.Terminal, services.GetRequiredService<IKeyStore>(), result.GetValue(json), token),
            token));
        return command;
    }

    private static Command Revoke(CommandContext context)
    {
        var id = new Argument<string>("ID") { Description = "The id that list shows." };
        var command = new Command(
            "revoke", "Take a key's power away: at once for who starts now, within ten seconds elsewhere.") { id };
        command.SetAction((result, token) => context.WithStoreAsync(
            services => RevokeAsync(context, services, result.GetRequiredValue(id), token), token));
        return command;
    }

    private static async Task<int> MakeAsync(
        CommandContext context, ApiKey wanted, bool json, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.Build(context.Overrides);
        await host.Services.GetRequiredService<IStore>().PrepareAsync(cancellationToken);
        var (text, id, hash) = KeySecret.Make();
        var now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var key = wanted with
        {
            Id = id,
            Hash = hash,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
        };
        var record = new ActRecord { Note = $"{key.Name}: {Words(key.Roles)}" };
        record.Add(id);
        await host.Services.GetRequiredService<AuditTrail>().RecordAsync(
            AuditActor.OfCommandLine,
            AuditAct.KeyCreated,
            record,
            async () =>
            {
                await host.Services.GetRequiredService<IKeyStore>().AddAsync(key, cancellationToken);
                return id;
            },
            cancellationToken);
        context.Terminal.Output.WriteLine(json ? CommandJson.Of(new { id, key = text }) : text);
        context.Terminal.Error.WriteLine(
            $"Key {id} is for {Words(key.Roles)}. It is not shown again; send it as X-API-KEY, or as a bearer.");
        return ExitCodes.Done;
    }

    private static async Task<int> ListAsync(
        Terminal terminal, IKeyStore store, bool json, CancellationToken cancellationToken)
    {
        var keys = await store.ListAsync(cancellationToken);
        var table = new Table()
            .Border(TableBorder.Simple)
            .AddColumns("id", "name", "roles", "path", "rate", "body", "made", "revoked");
        foreach (var key in keys)
        {
            if (json)
                terminal.Output.WriteLine(AsJson(key));
            else
                AddRow(table, key);
        }

        if (!json && keys.Count > 0)
            terminal.Write(table);
        terminal.Error.WriteLine(
            keys.Count == 0
                ? "There are no keys; worker keys create makes one."
                : Counted.Phrase(keys.Count, "key") + ".");
        return ExitCodes.Done;
    }

    private static string AsJson(ApiKey key)
    {
        var shown = new
        {
            key.Id,
            key.Name,
            Roles = Words(key.Roles),
            key.Path,
            key.Rate,
            key.MaxBody,
            key.CreatedAt,
            key.RevokedAt,
        };
        return CommandJson.Of(shown);
    }

    private static void AddRow(Table table, ApiKey key)
    {
        var texts = new[]
        {
            key.Id,
            key.Name,
            Words(key.Roles),
            key.Path ?? "",
            $"{key.Rate}",
            $"{key.MaxBody}",
            $"{key.CreatedAt:u}",
            key.RevokedAt is { } revoked ? $"{revoked:u}" : "",
        };
        table.AddRow([.. texts.Select(text => new Markup(PlainText.ForTerminal(text)))]);
    }

    private static async Task<int> RevokeAsync(
        CommandContext context, IServiceProvider services, string id, CancellationToken cancellationToken)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var record = new ActRecord();
        record.Add(id);
        var isRevoked = await services.GetRequiredService<AuditTrail>().RecordAsync(
            AuditActor.OfCommandLine,
            AuditAct.KeyRevoked,
            record,
            async () =>
            {
                var isThere = await services.GetRequiredService<IKeyStore>().RevokeAsync(id, now, cancellationToken);
                record.IsNothing = !isThere;
                return isThere;
            },
            cancellationToken);
        if (!isRevoked)
        {
            return context.Fail(
                ExitCodes.NotFound, $"There is no key {id} that opens anything; worker keys list shows them.");
        }

        context.Terminal.Error.WriteLine(
            $"Key {id} opens nothing any more: at once where a front starts now, within ten seconds elsewhere.");
        return ExitCodes.Done;
    }

    /// <summary>A key without its secret yet, or what is wrong with what was asked for.</summary>
    private static (ApiKey? Key, string? Fault) Of(string name, string roles, string? path, int? rate, int? maxBody)
    {
        var trimmed = path?.Trim('/');
        if (name.Trim().Length is 0 or > LongestName)
            return (null, $"The name of a key has 1 to {LongestName} characters.");
        if (RolesOf(roles) is not { } wanted)
        {
            return (
                null,
                $"--role is \"{roles}\"; it accepts ingest, read, review, admin, or several of them with commas.");
        }

        if (trimmed is "")
        {
            return (
                null,
                "--path accepts the path of a File or of a folder of Files, e.g. support; leave it out for all.");
        }

        if (rate is < 1)
            return (null, $"--rate is {rate}; it accepts 1 or more.");
        if (maxBody is < 1)
            return (null, $"--max-body is {maxBody}; it accepts 1 or more bytes.");
        var key = new ApiKey
        {
            Id = "",
            Name = name.Trim(),
            Hash = "",
            Roles = wanted,
            Path = trimmed,
            Rate = rate,
            MaxBody = maxBody,
            CreatedAt = default,
        };
        return (key, null);
    }

    private static KeyRoles? RolesOf(string text)
    {
        var roles = KeyRoles.None;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Enum.TryParse<KeyRoles>(part, ignoreCase: true, out var role)
                || role == KeyRoles.None
                || !Enum.IsDefined(role)
                || char.IsDigit(part[0]))
            {
                return null;
            }

            roles |= role;
        }

        return roles;
    }

    private static string Words(KeyRoles roles)
    {
        var each = Enum.GetValues<KeyRoles>().Where(role => role != KeyRoles.None && roles.HasFlag(role));
        return string.Join(", ", each).ToLowerInvariant();
    }
}
