namespace Worker.Errors;

/// <summary>
/// The configuration cannot be used. Each fault is one sentence that names the key and an accepted value.
/// </summary>
internal sealed class ConfigurationException(IReadOnlyList<string> faults) : Exception(string.Join('\n', faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
