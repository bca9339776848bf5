namespace Worker.Hosting;

/// <summary>
/// Where configuration comes from; the later wins: <c>config/appsettings.json</c>, the environment, the command line.
/// </summary>
internal static class WorkerConfiguration
{
    /// <summary>What <c>--verbose</c> sets for the time of one command.</summary>
    private const string Verbose = "Logging:Verbose";

    public static readonly string VerboseOverride = $"--{Verbose}=true";

    /// <param name="overrides">Command-line settings, <c>--Section:Key value</c> or <c>--Section:Key=value</c>.</param>
    /// <param name="defaults">
    /// What a command prefers to the file, and the environment and command line may still change.
    /// </param>
    public static void AddWorkerSources(
        this IConfigurationBuilder builder,
        IReadOnlyList<string> overrides,
        IReadOnlyDictionary<string, string?>? defaults = null)
    {
        builder.SetBasePath(AppContext.BaseDirectory).AddJsonFile(
            Path.Combine("config", "appsettings.json"), optional: true);
        if (defaults is not null)
            builder.AddInMemoryCollection(defaults);
        builder.AddEnvironmentVariables().AddCommandLine([.. overrides]).AddSecretFiles();
    }

    /// <summary>
    /// What is configured, as far as it can be read: for saying that it, or something else, was wrong.
    /// </summary>
    public static IConfiguration ReadAsFarAsPossible(IReadOnlyList<string> overrides)
    {
        try
        {
            var builder = new ConfigurationBuilder();
            builder.AddWorkerSources(overrides);
            return builder.Build();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new ConfigurationBuilder().AddEnvironmentVariables().Build();
        }
    }

    /// <summary>Whether stack traces are wanted: by <c>--verbose</c>, or by the level of the log.</summary>
    public static bool ShowsTraces(this IConfiguration configuration) =>
        configuration[Verbose] == "true" ||
        (Enum.TryParse<LogLevel>(configuration["Logging:LogLevel:Default"], ignoreCase: true, out var level)
            && level <= LogLevel.Debug);

    /// <summary>
    /// Parts settings (<c>--Mode</c>, or a name with a colon) from the arguments of the command itself.
    /// </summary>
    public static (List<string> Arguments, List<string> Overrides) Part(IReadOnlyList<string> args)
    {
        List<string> arguments = [], overrides = [];
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--")
            {
                arguments.AddRange(args.Skip(i));
                break;
            }

            var target = IsSetting(args[i]) ? overrides : arguments;
            target.Add(args[i]);
            if (target == overrides && !args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Count)
                overrides.Add(args[++i]);
        }

        return (arguments, overrides);
    }

    private static bool IsSetting(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal))
            return false;
        var name = argument[2..].Split('=', 2)[0];
        return name.Contains(':', StringComparison.Ordinal) || Settings.All.Any(
            setting => setting.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
