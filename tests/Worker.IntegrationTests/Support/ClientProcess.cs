using System.Diagnostics;
using System.Globalization;

namespace Worker.IntegrationTests.Support;

/// <summary>A program that logs through Worker.Client, and says which calls returned true and what became of them.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _hearing;
    private readonly List<string> _taken = [];
    private volatile string _account = "counts 0 0 0 0 0 0";

    private ClientProcess(Process process)
    {
        _process = process;
        _hearing = HearAsync();
    }

    /// <summary>The Logs whose call returned true.</summary>
    public IReadOnlyList<string> Taken
    {
        get
        {
            lock (_taken)
                return [.. _taken];
        }
    }

    /// <summary>What it said last: enqueued, published, spooled, refused, dropped, in memory.</summary>
    public IReadOnlyList<long> Account =>
        [.. _account.Split(' ').Skip(1).Select(count => long.Parse(count, CultureInfo.InvariantCulture))];

    /// <param name="prefix">Of the ids of its Logs.</param>
    /// <param name="memory">Calls that it holds in memory at most.</param>
    public static ClientProcess Start(Uri broker, string spool, string prefix, int memory, int calls)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(
            Programs.Repository, "tests", "Worker.Client.Producer", "bin", output.Parent!.Name, output.Name,
            "Worker.Client.Producer.dll");
        string[] arguments = [program, broker.ToString(), spool, prefix, $"{memory}", $"{calls}", "10"];
        var process = new Process { StartInfo = Programs.Info(Programs.Dotnet, arguments, environment: null) };
        process.Start();
        process.StandardInput.Close();
        return new ClientProcess(process);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _hearing;
    }

    /// <summary>Waits until it has drained by itself.</summary>
    public async Task EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1));
        await _hearing;
        _account.ShouldStartWith("end ", Case.Sensitive, await _process.StandardError.ReadToEndAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task HearAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("true ", StringComparison.Ordinal))
                Take(line[5..]);
            else if (line.Count(' '.Equals) == 6)
                _account = line;
        }
    }

    private void Take(string id)
    {
        lock (_taken)
            _taken.Add(id);
    }
}
