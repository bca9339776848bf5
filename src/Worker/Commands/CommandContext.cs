using System.CommandLine;
using Microsoft.Extensions.Options;
using Worker.Audit;
using Worker.DeadLetters;
using Worker.Hosting;
using Worker.Storage;

namespace Worker.Commands;

/// <summary>What every command is given: the terminal, and the configuration given beside its arguments.</summary>
internal sealed record CommandContext(Terminal Terminal, IReadOnlyList<string> Overrides)
{
    public static Option<bool> JsonOption(string description) => new("--json") { Description = description };

    /// <summary>
    /// Of a list that goes on elsewhere: how many rows of it are shown. 1 to 10,000; 50 unless it is said.
    /// </summary>
    public static Option<int> LimitOption()
    {
        const int MostRows = 10_000;
        var limit = new Option<int>("--limit")
        {
            Description = $"How many are shown at most: 1 to {MostRows}.", DefaultValueFactory = _ => 50,
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(limit) is < 1 or > MostRows)
                result.AddError($"--limit accepts 1 to {MostRows}.");
        });
        return limit;
    }

    /// <summary>Works on the store that exists, beside a worker that may be running. Nothing is started.</summary>
    public async Task<int> WithStoreAsync(Func<IServiceProvider, Task<int>> work, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.Build(Overrides);
        return await WithStoreAsync(host.Services, work, cancellationToken);
    }

    private async Task<int> WithStoreAsync(
        IServiceProvider services, Func<IServiceProvider, Task<int>> work, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IStore>();
        if (!store.Exists)
            return NothingYet(services);

        await store.PrepareAsync(cancellationToken);
        return await work(services);
    }

    /// <summary>Works on the dead letters, which lie on the broker when there is one, else in the local file.</summary>
    public async Task<int> WithDeadLettersAsync(
        Func<IDeadLetters, TimeProvider, Task<int>> work, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.Build(Overrides);
        var letters = host.Services.GetRequiredService<IDeadLetters>();
        if (!letters.Exist)
            return NothingYet(host.Services);
        var stores = host.Services.GetServices<IStore>();
        foreach (var file in stores.Where(store => store is { IsShared: false, Exists: true }))
            await file.PrepareAsync(cancellationToken);
        return await work(letters, host.Services.GetRequiredService<TimeProvider>());
    }

    /// <summary>
    /// As <see cref="WithDeadLettersAsync"/>, for what changes them: that is written down in the store of the Logs.
    /// </summary>
    public async Task<int> ChangingDeadLettersAsync(
        Func<LetterAudit, Task<int>> work, CancellationToken cancellationToken)
    {
        using var host = WorkerHost.Build(Overrides);
        if (!host.Services.GetRequiredService<IDeadLetters>().Exist)
            return NothingYet(host.Services);
        foreach (var store in host.Services.GetServices<IStore>())
            await store.PrepareAsync(cancellationToken);
        return await work(host.Services.GetRequiredService<LetterAudit>());
    }

    /// <summary>Says that there is no local store.</summary>
    public int NothingYet(IServiceProvider services)
    {
        var folder = Path.GetFullPath(services.GetRequiredService<IOptions<StorageOptions>>().Value.Path);
        return Fail(
            ExitCodes.NotFound,
            $"There is no store in {folder} yet; start the worker or publish something first, or set Storage:Path.");
    }

    /// <summary>Says why in one sentence, and returns the code.</summary>
    public int Fail(int exitCode, string sentence)
    {
        Terminal.Error.WriteLine(sentence);
        return exitCode;
    }
}
