using System.Diagnostics.CodeAnalysis;

/// <summary>
/// What .NET calls before a program's own Main where DOTNET_STARTUP_HOOKS names this assembly: lets a thread of the
/// worker fail that no command has called, once the program has begun.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The name is .NET's.")]
internal static class StartupHook
{
    public static void Initialize() => AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
    {
        if (loaded.LoadedAssembly.GetName().Name == "System.CommandLine")
            new Thread(() => throw new InvalidOperationException("A thread fell over amqp://ann:top-s3cret@host.")).Start();
    };
}
