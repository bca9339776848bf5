using System.Diagnostics;
using Worker.Evaluation.Hosts;

namespace Worker.Tests.Evaluation.Python;

/// <summary>
/// Attacks, each on a host that has to be well afterwards. The same hosts serve all attacks of a kind, so that one that
/// does harm later is seen, too.
/// </summary>
public sealed class FenceTests(FenceTests.Hosts hosts) : IClassFixture<FenceTests.Hosts>
{
    private static readonly string[] Modules =
        ["asyncio", "csv", "datetime", "decimal", "hashlib", "json", "re", "sqlite3", "ssl", "statistics", "zoneinfo"];

    public static TheoryData<string> Names => [.. Attacks.All.Keys];

    public static TheoryData<string> ThatGetOutAtLimits =>
        [.. Attacks.All.Values.Where(attack => attack.GetsOutAtLimits).Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_attack_ends_as_an_error_and_the_next_call_works(string name)
    {
        var attack = Attacks.All[name];
        (await ErrorAsync(hosts.Strict, attack)).ShouldContain(attack.Error ?? "");
    }

    /// <summary>Then nothing can be imported but what was beforehand, so many fail earlier.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task So_it_does_on_a_kernel_without_Landlock(string name) =>
        await ErrorAsync(hosts.WithoutLandlock, Attacks.All[name]);

    /// <summary>What is held is held by the fence, and not by chance: these tests would see it.</summary>
    [Theory]
    [MemberData(nameof(ThatGetOutAtLimits))]
    public async Task Without_the_fence_it_gets_out(string name)
    {
        using var target = new Target();
        var answer = await hosts.Limits.AskAsync(
            Attacks.All[name].Code, target.Log, cancellationToken: TestContext.Current.CancellationToken);
        answer.Error.ShouldBeNull();
        answer.Judgment.ShouldNotBeNull().AsText().ShouldBe("out");
    }

    [Fact]
    public async Task Without_the_fence_the_limits_hold_memory_and_processes()
    {
        foreach (var name in new[] { "10 GB at once", "a fork bomb", "a daemon that outlives the call" })
        {
            var answer = await hosts.Limits.AskAsync(
                Attacks.All[name].Code, cancellationToken: TestContext.Current.CancellationToken);
            answer.Error.ShouldNotBeNull(name);
        }
    }

    [Fact]
    public async Task What_an_honest_Evaluator_imports_can_be_imported()
    {
        foreach (var module in Modules)
            (await hosts.Strict.JudgeAsync($"import {module}\ndef f(log): return True")).ShouldBe("true", module);
    }

    [Fact]
    public async Task The_clock_chance_and_the_zones_work()
    {
        var judgment = await hosts.Strict.JudgeAsync(
            """
            import datetime, os, random, time, uuid, zoneinfo
            def f(log):
                time.sleep(0.001)
                random.random(), os.urandom(8), uuid.uuid4()
                return datetime.datetime.now(zoneinfo.ZoneInfo('UTC')).year > 2000
            """);
        judgment.ShouldBe("true");
    }

    private static async Task<string> ErrorAsync(PythonUnderTest python, Attack attack)
    {
        using var target = new Target();
        var host = await python.HostAsync();
        var answer = await python.AskAsync(
            attack.Code, target.Log, attack.Seconds, TestContext.Current.CancellationToken);

        answer.Judgment.ShouldBeNull();
        answer.Error.ShouldNotBeNull().Length.ShouldBeInRange(10, 3000);
        (await python.HostAsync()).ShouldBe(host);
        Processes.ChildrenOf(host).ShouldBeEmpty();
        target.ShouldBeWhole();
        return answer.Error;
    }

    public sealed class Hosts : IDisposable
    {
        internal PythonUnderTest Strict { get; } = new();

        internal PythonUnderTest WithoutLandlock { get; } = new(flags: "--no-landlock");

        internal PythonUnderTest Limits { get; } = new(options => options.Fence = CodeFence.Limits);

        public void Dispose()
        {
            Strict.Dispose();
            WithoutLandlock.Dispose();
            Limits.Dispose();
        }
    }

    /// <summary>What is there to be harmed, all of it within the reach of the host's user.</summary>
    private sealed class Target : IDisposable
    {
        private const string Content = "precious";

        private readonly string _folder = $"/tmp/worker-target-{Guid.NewGuid():N}";
        private readonly Process _worker;

        public Target()
        {
            Directory.CreateDirectory(Elsewhere);
            File.WriteAllText(Store, Content);
            File.WriteAllText(Config, Content);
            _worker = Process.Start(new ProcessStartInfo(
                "/bin/sh",
                ["-c", $"chmod 777 {_folder} {Elsewhere}; chmod 666 {Store}; exec {PythonUnderTest.AsNobody}sleep 600"])
            {
                Environment = { ["SECRET"] = Content },
            })!;
        }

        public object Log => new { store = Store, config = Config, elsewhere = Elsewhere, worker = Worker() };

        private string Store => Path.Combine(_folder, "worker.db");

        private string Config => Path.Combine(_folder, "appsettings.json");

        private string Elsewhere => Path.Combine(_folder, "elsewhere");

        public void ShouldBeWhole()
        {
            File.ReadAllText(Store).ShouldBe(Content);
            Directory.EnumerateFileSystemEntries(Elsewhere).ShouldBeEmpty();
            Processes.Exists(_worker.Id).ShouldBeTrue();
        }

        public void Dispose()
        {
            _worker.Kill();
            _worker.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        /// <summary>It has become who it should be once it sleeps.</summary>
        private int Worker()
        {
            var name = $"/proc/{_worker.Id}/comm";
            SpinWait.SpinUntil(() => File.ReadAllText(name) == "sleep\n", TimeSpan.FromSeconds(30)).ShouldBeTrue();
            return _worker.Id;
        }
    }
}
