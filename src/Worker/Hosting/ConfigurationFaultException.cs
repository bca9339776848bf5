namespace Worker.Hosting;

/// <summary>The configuration cannot be used. Each fault is one sentence that names the key and an accepted value.</summary>
internal sealed class ConfigurationFaultException(IReadOnlyList<string> faults) : Exception(string.Join('\n', faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
