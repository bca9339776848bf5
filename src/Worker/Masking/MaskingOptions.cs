namespace Worker.Masking;

/// <summary>
/// What is masked before anything is written. Section <c>Masking</c>, which also holds lists; see
/// <see cref="MaskingSettings"/>.
/// </summary>
internal sealed class MaskingOptions
{
    public const string SectionName = "Masking";

    /// <summary>
    /// Whether secrets are masked that are known by their shapes: keys, tokens, private keys, passwords in addresses,
    /// and card numbers.
    /// </summary>
    public bool Secrets { get; set; } = true;
}
