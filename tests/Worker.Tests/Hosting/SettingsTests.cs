using System.Globalization;
using Microsoft.Extensions.Configuration;
using Worker.Errors;
using Worker.Hosting;

namespace Worker.Tests.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public void What_is_not_set_is_right()
    {
        Should.NotThrow(() => Settings.Check(Configured()));
    }

    [Theory]
    [InlineData(
        "Traces:Settle",
        "abc",
        "Traces:Settle is \"abc\"; it accepts hh:mm:ss from 00:00:00 to 01:00:00, e.g. 00:00:00.5.")]
    [InlineData(
        "Traces:Settle",
        "02:00:00",
        "Traces:Settle is \"02:00:00\"; it accepts hh:mm:ss from 00:00:00 to 01:00:00, e.g. 00:00:00.5.")]
    [InlineData("Traces:Late", "reopen", "Traces:Late is \"reopen\"; it accepts rejudge or ignore, e.g. rejudge.")]
    [InlineData("Traces:Late", "7", "Traces:Late is \"7\"; it accepts rejudge or ignore, e.g. rejudge.")]
    [InlineData("Traces:Quiet", "soon", "Traces:Quiet is \"soon\"; it accepts hh:mm:ss from 00:00:01 to 365.00:00:00.")]
    [InlineData(
        "Traces:Setle",
        "00:00:01",
        "Traces:Setle is not a key of the worker; Traces accepts Settle, Late, Quiet, MaxAge.")]
    [InlineData("Ingestion:Prefetch", "0", "Ingestion:Prefetch is \"0\"; it accepts 1 to 65535, e.g. 4000.")]
    [InlineData(
        "Ingestion:Prefetch", "100", "Ingestion:ChunkSize is 1000; it accepts at most Ingestion:Prefetch, which is 100.")]
    [InlineData("Retention:Rules:old:After", "30", "Retention:Rules:old:After is \"30\"; it accepts e.g. 30d, 12h or 30.00:00:00.")]
    [InlineData("Retention:Rules:old:Path", "a/**", "Retention:Rules:old:After is not set; a rule that does not keep needs it, e.g. 30d.")]
    [InlineData("Retention:Tombstones", "-1.00:00:00", "Retention:Tombstones is \"-1.00:00:00\"; it accepts hh:mm:ss from 00:00:00 to 3650.00:00:00, e.g. 30.00:00:00.")]
    [InlineData("Storage:Path", "", "Storage:Path is \"\"; it accepts text, e.g. data.")]
    [InlineData("Mode", "cluster", "Mode is \"cluster\"; it accepts embedded or server, e.g. embedded.")]
    [InlineData("Privacy:KeepUnreadable", "no", "Privacy:KeepUnreadable is \"no\"; it accepts true or false, e.g. true.")]
    [InlineData(
        "Evaluation:Webhooks:AllowedNetworks",
        "10.0.0.0/8, intranet",
        "Evaluation:Webhooks:AllowedNetworks names \"intranet\"; it accepts networks such as 10.1.0.0/16 and fd12::/16, parted by commas.")]
    [InlineData(
        "Evaluation:Webhooks:Allowed",
        "10.0.0.0/8",
        "Evaluation:Webhooks:Allowed is not a key of the worker; Evaluation:Webhooks accepts AllowedNetworks.")]
    public void A_fault_names_the_key_and_what_is_accepted(string key, string value, string sentence)
    {
        var exception = Should.Throw<ConfigurationException>(() => Settings.Check(Configured((key, value))));
        exception.Faults.ShouldBe([sentence]);
    }

    [Theory]
    [InlineData("Traces:Quiet", "")]
    [InlineData("traces:late", "Ignore")]
    [InlineData("ConnectionStrings:RabbitMq", "")]
    [InlineData("ConnectionStrings:RabbitMq_FILE", "/run/secrets/rabbit")]
    [InlineData("Evaluation:Parallelism", "1")]
    [InlineData("Retention:Rules:old:After", "30d")]
    [InlineData("Retention:Rules:kept:Keep", "true")]
    [InlineData("Evaluation:Webhooks:AllowedNetworks", "10.1.0.0/16, fd12::/16")]
    [InlineData("Evaluation:Webhooks:Secrets:checks", "new old")]
    [InlineData("Evaluation:Webhooks:Secrets:checks_FILE", "/run/secrets/checks")]
    public void These_are_accepted(string key, string value)
    {
        Should.NotThrow(() => Settings.Check(Configured((key, value))));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var faults = Should.Throw<ConfigurationException>(() => Settings.Check(Configured(("Traces:Settle", "x"), ("Ingestion:ChunkSize", "x")))).Faults;
        faults.Count.ShouldBe(2);
    }

    [Fact]
    public void Server_mode_needs_both_servers()
    {
        Should.Throw<ConfigurationException>(() => Settings.Check(Configured(("Mode", "server")))).Faults
            .ShouldBe(["Mode is server, which needs ConnectionStrings:RabbitMq, e.g. amqp://user:password@host:5672.", "Mode is server, which needs ConnectionStrings:MongoDb, e.g. mongodb://host:27017/worker."]);
        Should.NotThrow(() => Settings.Check(Configured(("Mode", "server"), ("ConnectionStrings:RabbitMq", "amqp://r"), ("ConnectionStrings:MongoDb", "mongodb://m"))));
    }

    [Fact]
    public void The_shipped_file_holds_every_key_with_its_default()
    {
        var shipped = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "config", "appsettings.json")).Build();
        Should.NotThrow(() => Settings.Check(shipped));
        foreach (var setting in Settings.All)
        {
            var parent = shipped.GetSection(setting.Key[..Math.Max(0, setting.Key.LastIndexOf(':'))]);
            (setting.Key.Contains(':', StringComparison.Ordinal) ? parent.GetChildren() : shipped.GetChildren())
                .Select(child => child.Path).ShouldContain(setting.Key);
            (shipped[setting.Key] ?? "").ShouldBe(setting.DefaultText, StringCompareShould.IgnoreCase);
        }
    }

    [Fact]
    public void Settings_on_the_command_line_are_parted_from_its_arguments()
    {
        var (arguments, overrides) = WorkerConfiguration.Part(
            ["trace", "--Traces:Settle", "00:00:01", "id:1", "--json", "--Mode=server", "--", "--Storage:Path"]);
        arguments.ShouldBe(["trace", "id:1", "--json", "--", "--Storage:Path"]);
        overrides.ShouldBe(["--Traces:Settle", "00:00:01", "--Mode=server"]);
    }

    [Fact]
    public void The_command_line_wins_over_what_a_command_prefers()
    {
        var builder = new ConfigurationBuilder();
        builder.AddWorkerSources(
            ["--Traces:Settle=00:00:02"],
            new Dictionary<string, string?> { ["Traces:Settle"] = "00:00:01", ["Storage:Path"] = "elsewhere" });
        var configuration = builder.Build();
        configuration["Traces:Settle"].ShouldBe("00:00:02");
        configuration["Storage:Path"].ShouldBe("elsewhere");
        configuration["Ingestion:Prefetch"].ShouldBe(4000.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_connection_string_may_lie_in_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "amqp://user:secret@host\n");
            var builder = new ConfigurationBuilder();
            builder.AddWorkerSources([$"--ConnectionStrings:RabbitMq_FILE={file}"]);
            builder.Build()["ConnectionStrings:RabbitMq"].ShouldBe("amqp://user:secret@host");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_secret_of_a_webhook_may_lie_in_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "new-secret\nold-secret\n");
            var builder = new ConfigurationBuilder();
            builder.AddWorkerSources([$"--Evaluation:Webhooks:Secrets:checks_FILE={file}"]);
            builder.Build()["Evaluation:Webhooks:Secrets:checks"].ShouldBe("new-secret\nold-secret");
        }
        finally
        {
            File.Delete(file);
        }

        Should.Throw<ConfigurationException>(
            () => new ConfigurationBuilder().AddWorkerSources([$"--Evaluation:Webhooks:Secrets:checks_FILE={file}"])).Faults.ShouldBe(
            [$"Evaluation:Webhooks:Secrets:checks_FILE names {file}, which cannot be read; it accepts the path of a file with the secret."]);
    }

    [Fact]
    public void A_secret_file_that_is_not_there_is_a_fault()
    {
        var exception = Should.Throw<ConfigurationException>(
            () => new ConfigurationBuilder().AddWorkerSources(["--ConnectionStrings:RabbitMq_FILE=/does/not/exist"]));
        exception.Faults.ShouldHaveSingleItem().ShouldStartWith(
            "ConnectionStrings:RabbitMq_FILE names /does/not/exist, which cannot be read");
    }

    private static IConfiguration Configured(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(value => value.Key, value => (string?)value.Value)).Build();
}
