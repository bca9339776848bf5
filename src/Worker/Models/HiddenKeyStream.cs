namespace Worker.Models;

/// <summary>
/// Takes a provider's key out of a text that comes in pieces: what may be the beginning of the key is held back until
/// that is known.
/// </summary>
internal sealed class HiddenKeyStream(ModelProvider provider)
{
    private string _held = "";

    /// <summary>What can be shown by now.</summary>
    public string Add(string piece)
    {
        var text = provider.Hide(_held + piece);
        var shown = text.Length - HeldBack(text);
        _held = text[shown..];
        return text[..shown];
    }

    /// <summary>What was held back, once nothing more comes.</summary>
    public string End() => _held;

    private int HeldBack(string text)
    {
        var key = provider.ApiKey ?? "";
        for (var length = Math.Min(key.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(key.AsSpan(0, length)))
                return length;
        }

        return 0;
    }
}
