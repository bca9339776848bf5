using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Worker.Evaluation.Webhooks;

/// <summary>
/// Proves to a receiver who sent a body, and when: <c>t=SECONDS,v1=HEX</c>, where HEX is the HMAC-SHA256 of the
/// seconds, a dot and the body, in lower case; a <c>v1</c> for each secret.
/// </summary>
internal static class WebhookSignature
{
    public const string Header = "Worker-Signature";

    public static string Of(ReadOnlySpan<byte> body, IEnumerable<byte[]> secrets, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = new StringBuilder($"t={seconds}");
        foreach (var secret in secrets)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            hmac.AppendData(Encoding.ASCII.GetBytes(seconds));
            hmac.AppendData("."u8);
            hmac.AppendData(body);
            signature.Append(",v1=").Append(Convert.ToHexStringLower(hmac.GetHashAndReset()));
        }

        return signature.ToString();
    }
}
