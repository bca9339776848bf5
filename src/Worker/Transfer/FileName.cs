using System.Security.Cryptography;
using System.Text;

namespace Worker.Transfer;

/// <summary>
/// Names of files for ids, which may hold anything: percent-encoded where a file system or a shell may take it for
/// something else. What would be too long is cut, with a hash of the id behind it. An import reads ids from what is in
/// the files, never from their names.
/// </summary>
internal static class FileName
{
    private const int MaxBytes = 200;
    private const int HashDigits = 32;

    public static string Of(string id)
    {
        var name = new StringBuilder(id.Length);
        foreach (var value in Encoding.UTF8.GetBytes(id))
        {
            var isPlain = char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or (byte)'-'
                || (value == (byte)'.' && name.Length > 0);
            _ = isPlain ? name.Append((char)value) : name.Append('%').Append(Convert.ToHexString([value]));
        }

        if (name.Length <= MaxBytes)
            return name.ToString();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..HashDigits];
        return $"{name.ToString()[..(MaxBytes - HashDigits - 1)]}~{hash}";
    }
}
