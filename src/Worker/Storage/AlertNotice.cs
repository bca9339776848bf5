using Worker.Traces;

namespace Worker.Storage;

/// <summary>What is still to be told to an alert's webhook.</summary>
/// <param name="Key">The same however often it is sent.</param>
/// <param name="Body">What is sent, a JSON object.</param>
/// <param name="NotBefore">Until then it is left alone: it is being sent, or was refused.</param>
/// <param name="Tries">How often somebody began to send it.</param>
internal sealed record AlertNotice(string Key, JsonValue Body, DateTimeOffset NotBefore, int Tries = 0);
