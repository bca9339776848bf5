namespace System.Runtime.CompilerServices;

/// <summary>What the compiler needs for <c>required</c>; later frameworks have it.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property,
    Inherited = false)]
internal sealed class RequiredMemberAttribute : Attribute;
