namespace Worker.Ingestion;

/// <summary>What is kept of what should not be. Section <c>Privacy</c>.</summary>
internal sealed class PrivacyOptions
{
    public const string SectionName = "Privacy";

    /// <summary>
    /// Whether the dead letter of a body that cannot be parsed, and so cannot be asked for <c>save: false</c>, keeps
    /// that body. When false it keeps length and hash, and cannot be redriven.
    /// </summary>
    public bool KeepUnreadable { get; set; } = true;
}
