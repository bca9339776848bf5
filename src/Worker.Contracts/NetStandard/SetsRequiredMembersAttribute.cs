namespace System.Diagnostics.CodeAnalysis;

/// <summary>
/// What the compiler puts on the copying constructor of a record with <c>required</c> members; later frameworks have
/// it.
/// </summary>
[AttributeUsage(AttributeTargets.Constructor)]
internal sealed class SetsRequiredMembersAttribute : Attribute;
