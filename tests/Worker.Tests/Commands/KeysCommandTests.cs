using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Worker.Commands;
using Worker.Front;
using Worker.Storage;

namespace Worker.Tests.Commands;

public sealed class KeysCommandTests : IDisposable
{
    private readonly CommandLine _worker = new();

    public void Dispose() => _worker.Dispose();

    [Fact]
    public async Task A_key_is_shown_once_listed_and_revoked()
    {
        var (exitCode, output, error) = await _worker.RunAsync("keys", "create", "the team", "--role", "ingest,review", "--path", "/support/", "--rate", "5", "--max-body", "2048");
        exitCode.ShouldBe(ExitCodes.Done, error);
        var text = output.Trim();
        var key = (await KeysAsync()).ShouldHaveSingleItem();
        KeySecret.Opens(text, key).ShouldBeTrue();
        key.Roles.ShouldBe(KeyRoles.Ingest | KeyRoles.Review);
        (key.Name, key.Path, key.Rate, key.MaxBody).ShouldBe(("the team", "support", 5, 2048));
        error.ShouldContain("is for ingest, review");

        var listed = JsonNode.Parse((await _worker.RunAsync("keys", "list", "--json")).Output)!;
        ((string?)listed["id"], (string?)listed["roles"], (string?)listed["revoked_at"]).ShouldBe((key.Id, "ingest, review", null));
        ((int)listed["max_body"]!).ShouldBe(2048);
        var table = await _worker.RunAsync("keys", "list");
        table.Output.ShouldContain("the team");
        (table.Output + table.Error + listed).ShouldNotContain(text[^20..]);

        (await _worker.RunAsync("keys", "revoke", key.Id)).ExitCode.ShouldBe(ExitCodes.Done);
        (await KeysAsync()).ShouldHaveSingleItem().RevokedAt.ShouldNotBeNull();
        (await _worker.RunAsync("keys", "revoke", key.Id)).ExitCode.ShouldBe(ExitCodes.NotFound);
    }

    [Fact]
    public async Task Without_a_word_about_it_a_key_logs_and_reads()
    {
        var made = JsonNode.Parse((await _worker.RunAsync("keys", "create", "me", "--json")).Output)!;

        var key = (await KeysAsync()).ShouldHaveSingleItem();
        ((string?)made["id"]).ShouldBe(key.Id);
        KeySecret.Opens((string)made["key"]!, key).ShouldBeTrue();
        key.Roles.ShouldBe(KeyRoles.Ingest | KeyRoles.Read);
    }

    [Theory]
    [InlineData("--role", "nobody", "--role is \"nobody\"; it accepts ingest")]
    [InlineData("--role", "3", "--role is \"3\"")]
    [InlineData("--role", "", "--role is \"\"")]
    [InlineData("--rate", "0", "--rate is 0; it accepts 1 or more")]
    [InlineData("--max-body", "0", "--max-body is 0; it accepts 1 or more bytes")]
    [InlineData("--path", "//", "--path accepts the path of a File")]
    public async Task What_is_asked_for_wrongly_is_told_and_makes_no_key(string option, string value, string why)
    {
        var (exitCode, output, error) = await _worker.RunAsync("keys", "create", "me", option, value);

        exitCode.ShouldBe(ExitCodes.Usage);
        error.ShouldContain(why);
        output.ShouldBeEmpty();
        Directory.Exists(_worker.Storage).ShouldBeFalse();
    }

    private async Task<IReadOnlyList<ApiKey>> KeysAsync()
    {
        using var host = _worker.Host();
        return await host.Services.GetRequiredService<IKeyStore>().ListAsync(TestContext.Current.CancellationToken);
    }
}
