using System.Security.Cryptography;
using System.Text;

namespace MongoGateway.Authentication;

/// <summary>What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677).</summary>
internal sealed record Credentials(string User, byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    public const int Iterations = 4096;

    public static Credentials Of(string user, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(28);
        // SASLprep is compatibility normalization for every password that has no unassigned or forbidden characters.
        var prepared = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            prepared, salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        return new Credentials(user, salt,
            SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8)), HMACSHA256.HashData(salted, "Server Key"u8));
    }
}
