using System.Security.Cryptography;
using System.Text;

namespace Worker.Evaluation.Models;

/// <summary>
/// What stands before and after data in a prompt. It occurs in none of the data, so that none can end it: not even data
/// of somebody who knows how it is made.
/// </summary>
internal sealed record DataMark
{
    /// <summary>What a pair takes.</summary>
    public const int Bytes = 52;

    private readonly string _name;

    private DataMark(string name) => _name = name;

    public string Start => $"<{_name}>";

    public string End => $"</{_name}>";

    /// <param name="key">The verdict's: the same prompt is sent however often it is asked for.</param>
    public static DataMark Of(string key, IReadOnlyCollection<string> data)
    {
        for (var i = 0; ; i++)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"data {i} {key}")));
            var name = $"data-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
            if (!data.Any(each => each.Contains(name, StringComparison.OrdinalIgnoreCase)))
                return new(name);
        }
    }

    public string Around(string data) => $"{Start}{data}{End}";
}
