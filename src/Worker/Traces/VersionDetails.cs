namespace Worker.Traces;

/// <summary>The part of a File's details that makes a Version, normalised.</summary>
internal static class VersionDetails
{
}
