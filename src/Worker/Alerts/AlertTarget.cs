namespace Worker.Alerts;

/// <summary>Who is told of an alert.</summary>
/// <param name="Url">Absolute, <c>https</c> or <c>http</c>, without user and password.</param>
/// <param name="Secret">The name of what requests are signed with.</param>
internal sealed record AlertTarget(Uri Url, string Secret);
