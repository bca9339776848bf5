namespace Worker.Hosting;

/// <summary>Where configuration comes from; the later wins: <c>config/appsettings.json</c>, the environment, the command line.</summary>
internal static class WorkerConfiguration
{
    /// <param name="overrides">Command-line settings, <c>--Section:Key value</c> or <c>--Section:Key=value</c>.</param>
    /// <param name="defaults">What a command prefers to the file, and the environment and command line may still change.</param>
    public static void AddWorkerSources(
        this IConfigurationBuilder builder, IReadOnlyList<string> overrides, IReadOnlyDictionary<string, string?>? defaults = null)
    {
        builder.SetBasePath(AppContext.BaseDirectory).AddJsonFile(Path.Combine("config", "appsettings.json"), optional: true);
        if (defaults is not null)
            builder.AddInMemoryCollection(defaults);
        builder.AddEnvironmentVariables().AddCommandLine([.. overrides]).AddSecretFiles();
    }

    /// <summary>Parts settings (<c>--Mode</c>, or a name with a colon) from the arguments of the command itself.</summary>
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
        return name.Contains(':', StringComparison.Ordinal) || Settings.All.Any(setting => setting.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
