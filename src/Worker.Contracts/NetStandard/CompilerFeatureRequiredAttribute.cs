namespace System.Runtime.CompilerServices;

/// <summary>
/// What keeps a compiler that knows no <c>required</c> from making what has such members; later frameworks have it.
/// </summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
{
    public string FeatureName { get; } = featureName;
}
