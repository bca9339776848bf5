using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Worker.Storage;

namespace Worker.Front;

/// <summary>
/// The text of a key: <c>wk_</c>, the id by which it is looked up, and 256 random bits. Only its hash is stored.
/// </summary>
internal static class KeySecret
{
    private const string Start = "wk_";
    private const int IdLength = 12;
    private const int SecretBytes = 32;

    /// <summary>A new one, with its id and its hash.</summary>
    public static (string Text, string Id, string Hash) Make()
    {
        var id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true);
        var text = $"{Start}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return (text, id, Convert.ToHexStringLower(Hash(text)));
    }

    /// <summary>The id that is part of it; null where it is no key of this worker's.</summary>
    public static string? IdOf(string text) =>
        text.StartsWith(Start, StringComparison.Ordinal) && text.Length > Start.Length + IdLength
        && text[Start.Length + IdLength] == '_'
            ? text[Start.Length..(Start.Length + IdLength)]
            : null;

    /// <summary>Takes as long for a wrong text as for the right one.</summary>
    public static bool Opens(string text, ApiKey key) =>
        CryptographicOperations.FixedTimeEquals(Hash(text), Convert.FromHexString(key.Hash));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
