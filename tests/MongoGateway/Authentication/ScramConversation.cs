using System.Security.Cryptography;
using System.Text;

namespace MongoGateway.Authentication;

/// <summary>The server's side of one SCRAM-SHA-256 conversation.</summary>
internal sealed class ScramConversation
{
    private readonly Credentials _credentials;
    private readonly string _nonce;
    private readonly string _clientFirst;

    /// <param name="clientFirst">"n,,n=user,r=nonce"</param>
    /// <exception cref="CommandException">It is no such message, or the user is not known.</exception>
    public ScramConversation(Credentials credentials, string clientFirst)
    {
        _credentials = credentials;
        _clientFirst = clientFirst.StartsWith("n,,", StringComparison.Ordinal) ? clientFirst[3..] : throw Failed();
        var user = Attribute(_clientFirst, 'n').Replace("=2C", ",", StringComparison.Ordinal).Replace(
            "=3D", "=", StringComparison.Ordinal);
        if (user != credentials.User)
        {
            throw Failed();
        }

        _nonce = Attribute(_clientFirst, 'r') + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        ServerFirst = $"r={_nonce},s={Convert.ToBase64String(credentials.Salt)},i={Credentials.Iterations}";
    }

    public string ServerFirst { get; }

    public bool IsProven { get; private set; }

    /// <param name="clientFinal">"c=biws,r=nonce,p=proof"</param>
    /// <returns>The server's signature.</returns>
    /// <exception cref="CommandException">The proof does not show the password.</exception>
    public string Prove(string clientFinal)
    {
        var end = clientFinal.LastIndexOf(",p=", StringComparison.Ordinal);
        if (end < 0 || Attribute(clientFinal, 'r') != _nonce || Attribute(clientFinal, 'c') != "biws")
        {
            throw Failed();
        }

        var message = Encoding.UTF8.GetBytes($"{_clientFirst},{ServerFirst},{clientFinal[..end]}");
        var key = HMACSHA256.HashData(_credentials.StoredKey, message);
        var proof = new byte[key.Length];
        if (!Convert.TryFromBase64String(clientFinal[(end + 3)..], proof, out var length) || length != key.Length)
        {
            throw Failed();
        }

        for (var i = 0; i < key.Length; i++)
        {
            key[i] ^= proof[i];
        }

        IsProven = CryptographicOperations.FixedTimeEquals(SHA256.HashData(key), _credentials.StoredKey)
            ? true
            : throw Failed();
        return $"v={Convert.ToBase64String(HMACSHA256.HashData(_credentials.ServerKey, message))}";
    }

    public static CommandException Failed() => new(ErrorCode.AuthenticationFailed, "Authentication failed.");

    private static string Attribute(string message, char name) =>
        message.Split(',').FirstOrDefault(part => part.Length > 2 && part[0] == name && part[1] == '=')?[2..] ?? throw Failed();
}
